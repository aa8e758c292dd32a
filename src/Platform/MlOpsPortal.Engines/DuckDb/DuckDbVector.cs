using System.Runtime.InteropServices;
using System.Text;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>One column of one chunk: values behind a pointer that lives as long as the chunk.</summary>
internal readonly unsafe struct DuckDbVector(DuckDbLogicalType type, nint vector)
{
    private readonly byte* _data = DuckDbNative.VectorData(vector);
    private readonly ulong* _validity = DuckDbNative.VectorValidity(vector);

    internal bool IsNull(int row) => _validity is not null && (_validity[row >> 6] & (1UL << (row & 63))) == 0;

    internal bool Boolean(int row) => type.Id == DuckDbType.Boolean ? At<byte>(row) != 0 : throw Unfit(row, "a boolean");

    internal long Int64(int row) => type.Id switch
    {
        DuckDbType.BigInt => At<long>(row),
        DuckDbType.Integer => At<int>(row),
        DuckDbType.UInteger => At<uint>(row),
        DuckDbType.SmallInt => At<short>(row),
        DuckDbType.USmallInt => At<ushort>(row),
        DuckDbType.TinyInt => At<sbyte>(row),
        DuckDbType.UTinyInt => At<byte>(row),
        DuckDbType.UBigInt => checked((long)At<ulong>(row)),
        DuckDbType.HugeInt => checked((long)At<Int128>(row)),
        DuckDbType.UHugeInt => checked((long)At<UInt128>(row)),
        _ => throw Unfit(row, "an integer"),
    };

    internal Int128 Int128(int row) => type.Id switch
    {
        DuckDbType.HugeInt => At<Int128>(row),
        DuckDbType.UHugeInt => checked((Int128)At<UInt128>(row)),
        DuckDbType.UBigInt => At<ulong>(row),
        _ => Int64(row),
    };

    internal double Double(int row) => type.Id switch
    {
        DuckDbType.Double => At<double>(row),
        DuckDbType.Float => At<float>(row),
        DuckDbType.Decimal => (double)Unscaled(row) / Math.Pow(10, type.Scale),
        DuckDbType.HugeInt => (double)At<Int128>(row),
        DuckDbType.UHugeInt => (double)At<UInt128>(row),
        DuckDbType.UBigInt => At<ulong>(row),
        _ => Int64(row),
    };

    internal decimal Decimal(int row)
    {
        if (type.Id != DuckDbType.Decimal)
            return (decimal)Int128(row);
        var unscaled = Unscaled(row);
        var magnitude = (UInt128)System.Int128.Abs(unscaled);
        if (magnitude >> 96 != 0 || type.Scale > 28)
            throw new OverflowException("The decimal has more than 28 digits; cast it to text.");
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), System.Int128.IsNegative(unscaled), (byte)type.Scale);
    }

    internal string Text(int row) => type.Id switch
    {
        DuckDbType.Varchar => Encoding.UTF8.GetString(Span(row)),
        DuckDbType.Enum => type.Names[EnumIndex(row)],
        DuckDbType.Uuid => Uuid(row).ToString(),
        _ => throw Unfit(row, "a text"),
    };

    internal byte[] Bytes(int row) => type.Id == DuckDbType.Blob ? Span(row).ToArray() : throw Unfit(row, "bytes");

    internal DateTime Timestamp(int row) => type.Id switch
    {
        DuckDbType.Timestamp or DuckDbType.TimestampTz => Moment(At<long>(row), TimeSpan.TicksPerMicrosecond),
        DuckDbType.TimestampSeconds => Moment(At<long>(row), TimeSpan.TicksPerSecond),
        DuckDbType.TimestampMilliseconds => Moment(At<long>(row), TimeSpan.TicksPerMillisecond),
        DuckDbType.TimestampNanoseconds => Moment(Math.DivRem(At<long>(row), 100).Quotient, 1),
        DuckDbType.Date => Date(row).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        _ => throw Unfit(row, "a timestamp"),
    };

    internal DateOnly Date(int row)
    {
        if (type.Id != DuckDbType.Date)
            throw Unfit(row, "a date");
        var day = (long)At<int>(row) + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : throw OutOfRange();
    }

    internal double[] Doubles(int row)
    {
        var (child, start, length) = Items(row);
        var values = new double[length];
        for (var i = 0; i < length; i++)
            values[i] = child.IsNull(start + i) ? double.NaN : child.Double(start + i);
        return values;
    }

    internal object? Value(int row)
    {
        if (IsNull(row))
            return null;
        return type.Id switch
        {
            DuckDbType.Boolean => Boolean(row),
            DuckDbType.UBigInt => At<ulong>(row),
            DuckDbType.HugeInt => At<Int128>(row),
            DuckDbType.UHugeInt => At<UInt128>(row),
            DuckDbType.Float => At<float>(row),
            DuckDbType.Double => At<double>(row),
            DuckDbType.Decimal => Decimal(row),
            DuckDbType.Varchar or DuckDbType.Enum => Text(row),
            DuckDbType.Uuid => Uuid(row),
            DuckDbType.Blob => Bytes(row),
            DuckDbType.Date => Date(row),
            DuckDbType.Time => Time(row),
            DuckDbType.Interval => At<DuckDbInterval>(row),
            DuckDbType.List or DuckDbType.Array => List(row),
            DuckDbType.Struct => Struct(row),
            DuckDbType.Map => Map(row),
            DuckDbType.Timestamp or DuckDbType.TimestampTz or DuckDbType.TimestampSeconds or DuckDbType.TimestampMilliseconds
                or DuckDbType.TimestampNanoseconds => Timestamp(row),
            _ => Int64(row),
        };
    }

    private static DateTime Moment(long count, long ticksEach)
    {
        var ticks = (Int128)count * ticksEach + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks, DateTimeKind.Utc) : throw OutOfRange();
    }

    private static DuckDbException OutOfRange() => new("A date or timestamp lies outside the years 1 to 9999; cast it to text.");

    private TimeOnly Time(int row)
    {
        var ticks = At<long>(row) * TimeSpan.TicksPerMicrosecond;
        return ticks <= TimeOnly.MaxValue.Ticks ? new TimeOnly(ticks) : throw new DuckDbException("The time 24:00:00 has no counterpart; cast it to text.");
    }

    private object?[] List(int row)
    {
        var (child, start, length) = Items(row);
        var values = new object?[length];
        for (var i = 0; i < length; i++)
            values[i] = child.Value(start + i);
        return values;
    }

    private Dictionary<string, object?> Struct(int row)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < type.Children.Count; i++)
            fields[type.Names[i]] = Child(i).Value(row);
        return fields;
    }

    private KeyValuePair<object, object?>[] Map(int row)
    {
        var entry = At<ListEntry>(row);
        var entries = DuckDbNative.ListChild(vector);
        var keys = new DuckDbVector(type.Children[0], DuckDbNative.StructChild(entries, 0));
        var values = new DuckDbVector(type.Children[1], DuckDbNative.StructChild(entries, 1));
        var pairs = new KeyValuePair<object, object?>[checked((int)entry.Length)];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = new(keys.Value(checked((int)entry.Offset) + i)!, values.Value(checked((int)entry.Offset) + i)); // A map's key is never null.
        return pairs;
    }

    private DuckDbVector Child(int index) => new(type.Children[index], DuckDbNative.StructChild(vector, (ulong)index));

    private (DuckDbVector Child, int Start, int Length) Items(int row)
    {
        if (IsNull(row))
            throw Unfit(row, "a list");
        if (type.Id == DuckDbType.Array)
            return (new(type.Children[0], DuckDbNative.ArrayChild(vector)), checked(row * type.ArraySize), type.ArraySize);
        if (type.Id != DuckDbType.List)
            throw Unfit(row, "a list");
        var entry = At<ListEntry>(row);
        return (new(type.Children[0], DuckDbNative.ListChild(vector)), checked((int)entry.Offset), checked((int)entry.Length));
    }

    private Int128 Unscaled(int row) => type.Storage switch
    {
        DuckDbType.SmallInt => At<short>(row),
        DuckDbType.Integer => At<int>(row),
        DuckDbType.BigInt => At<long>(row),
        _ => At<Int128>(row),
    };

    private int EnumIndex(int row) => type.Storage switch
    {
        DuckDbType.UTinyInt => At<byte>(row),
        DuckDbType.USmallInt => At<ushort>(row),
        _ => checked((int)At<uint>(row)),
    };

    /// <summary>A UUID is kept as a signed number with its first bit turned, so that it sorts.</summary>
    private Guid Uuid(int row)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, At<UInt128>(row) ^ (UInt128.One << 127));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Up to 12 bytes stand in the value itself, longer ones behind its pointer.</summary>
    private ReadOnlySpan<byte> Span(int row)
    {
        if (IsNull(row))
            throw Unfit(row, "a text");
        var start = _data + (16L * row);
        var length = checked((int)*(uint*)start);
        return new(length <= 12 ? start + 4 : *(byte**)(start + 8), length);
    }

    private T At<T>(int row)
        where T : unmanaged =>
        IsNull(row) ? throw Unfit(row, "a value") : ((T*)_data)[row];

    private Exception Unfit(int row, string wanted) => IsNull(row)
        ? new InvalidOperationException($"The value is null, not {wanted}.")
        : new DuckDbException($"A value of type {type.Id} is not read as {wanted}; cast it in the query.");

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ListEntry
    {
        internal readonly ulong Offset;
        internal readonly ulong Length;
    }
}
