using System.Buffers.Binary;
using System.Text;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Bytes that are no protobuf message, or end in the middle of one.</summary>
internal sealed class ProtoFormatException(long offset, string detail, bool truncated = false) : Exception(detail)
{
    internal long Offset { get; } = offset;

    internal bool Truncated { get; } = truncated;
}

/// <summary>
/// Walks the fields of one protobuf message in place. Sizes are checked against the bytes that are there before anything is read; nothing is allocated.
/// Stricter than the format: groups are refused, and so is a field of number 0.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data, long origin)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;
    private ulong _seen;

    internal int Field { get; private set; }

    internal ulong Number { get; private set; }

    internal ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Offset of <see cref="Bytes"/> in the file.</summary>
    internal long Origin { get; private set; }

    internal bool IsBytes { get; private set; }

    internal bool Next()
    {
        if (_at == _data.Length)
            return false;
        var tag = Varint();
        Field = tag >> 3 is > 0 and < 1 << 29 and var field ? (int)field : throw Bad("a field number out of range");
        IsBytes = false;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                return true;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                return true;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                return true;
            case 2:
                var length = Varint();
                Origin = origin + _at;
                if (length > (ulong)(_data.Length - _at))
                    throw new ProtoFormatException(origin + _at, $"a field says {length} bytes, {_data.Length - _at} are left", truncated: true);
                Bytes = Take((int)length);
                IsBytes = true;
                return true;
            default:
                throw Bad("a group or an unknown wire type");
        }
    }

    /// <summary>The field's message, text or bytes.</summary>
    internal readonly ReadOnlySpan<byte> RequireBytes() => IsBytes ? Bytes : throw Bad($"field {Field} is a number where bytes belong");

    internal readonly ulong RequireNumber() => IsBytes ? throw Bad($"field {Field} is bytes where a number belongs") : Number;

    internal readonly string Text() => Encoding.UTF8.GetString(RequireBytes());

    internal readonly ProtoReader Message() => new(RequireBytes(), Origin);

    /// <summary>True when this singular field stood in the message before: other readers merge or take the last, so two of them can hide one.</summary>
    internal bool Again()
    {
        var bit = 1UL << (Field & 63);
        var again = (_seen & bit) != 0;
        _seen |= bit;
        return again;
    }

    private readonly ProtoFormatException Bad(string detail) => new(origin + _at, detail);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _data.Length - _at)
            throw new ProtoFormatException(origin + _at, "the bytes end inside a number", truncated: true);
        var taken = _data.Slice(_at, length);
        _at += length;
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _data.Length)
                throw new ProtoFormatException(origin + _at, "the bytes end inside a number", truncated: true);
            var next = _data[_at++];
            value |= shift < 64 ? (ulong)(next & 0x7f) << shift : 0;
            if ((next & 0x80) == 0)
                return value;
        }

        throw Bad("a number longer than ten bytes");
    }
}
