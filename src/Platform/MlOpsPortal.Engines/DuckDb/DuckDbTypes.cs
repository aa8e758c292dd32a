namespace MlOpsPortal.Engines.DuckDb;

/// <summary>Types of columns, numbered as in DuckDB's C interface. A number that is not listed is a type this binding does not read.</summary>
public enum DuckDbType
{
    Invalid = 0,
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    UTinyInt = 6,
    USmallInt = 7,
    UInteger = 8,
    UBigInt = 9,
    Float = 10,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    Time = 14,
    Interval = 15,
    HugeInt = 16,
    Varchar = 17,
    Blob = 18,
    Decimal = 19,
    TimestampSeconds = 20,
    TimestampMilliseconds = 21,
    TimestampNanoseconds = 22,
    Enum = 23,
    List = 24,
    Struct = 25,
    Map = 26,
    Uuid = 27,
    Union = 28,
    Bit = 29,
    TimeTz = 30,
    TimestampTz = 31,
    UHugeInt = 32,
    Array = 33,
    SqlNull = 36,
}

/// <summary>What a statement does, as DuckDB's parser sees it. Numbered as in its C interface.</summary>
public enum DuckDbStatement
{
    Invalid = 0,
    Select = 1,
    Insert = 2,
    Update = 3,
    Explain = 4,
    Delete = 5,
    Prepare = 6,
    Create = 7,
    Execute = 8,
    Alter = 9,
    Transaction = 10,
    Copy = 11,
    Analyze = 12,
    VariableSet = 13,
    CreateFunction = 14,
    Drop = 15,
    Export = 16,
    Pragma = 17,
    Vacuum = 18,
    Call = 19,
    Set = 20,
    Load = 21,
    Relation = 22,
    Extension = 23,
    LogicalPlan = 24,
    Attach = 25,
    Detach = 26,
    Multi = 27,
}

/// <summary>A column of a result.</summary>
public sealed record DuckDbColumn(string Name, DuckDbType Type);

/// <summary>An interval as DuckDB holds it: months and days have no fixed length.</summary>
public readonly record struct DuckDbInterval(int Months, int Days, long Microseconds);

/// <summary>A type with what is needed to read its vectors: children of lists and structs, storage of decimals and enums.</summary>
internal sealed record DuckDbLogicalType(DuckDbType Id)
{
    internal DuckDbType Storage { get; private init; }

    internal int Scale { get; private init; }

    internal int ArraySize { get; private init; }

    internal IReadOnlyList<string> Names { get; private init; } = [];

    internal IReadOnlyList<DuckDbLogicalType> Children { get; private init; } = [];

    /// <summary>Reads a native type and destroys it.</summary>
    internal static unsafe DuckDbLogicalType Take(nint type)
    {
        try
        {
            var id = DuckDbNative.TypeId(type);
            return id switch
            {
                DuckDbType.Decimal => new(id) { Storage = DuckDbNative.DecimalStorage(type), Scale = DuckDbNative.DecimalScale(type) },
                DuckDbType.Enum => new(id) { Storage = DuckDbNative.EnumStorage(type), Names = EnumNames(type) },
                DuckDbType.List => new(id) { Children = [Take(DuckDbNative.ListChildType(type))] },
                DuckDbType.Array => new(id) { Children = [Take(DuckDbNative.ArrayChildType(type))], ArraySize = checked((int)DuckDbNative.ArraySize(type)) },
                DuckDbType.Map => new(id) { Children = [Take(DuckDbNative.MapKeyType(type)), Take(DuckDbNative.MapValueType(type))] },
                DuckDbType.Struct => TakeStruct(type),
                _ => new(id),
            };
        }
        finally
        {
            DuckDbNative.DestroyType(ref type);
        }
    }

    private static unsafe DuckDbLogicalType TakeStruct(nint type)
    {
        var count = (int)DuckDbNative.StructSize(type);
        var names = new string[count];
        var children = new DuckDbLogicalType[count];
        for (var i = 0; i < count; i++)
        {
            names[i] = DuckDbNative.TakeText(DuckDbNative.StructChildName(type, (ulong)i));
            children[i] = Take(DuckDbNative.StructChildType(type, (ulong)i));
        }

        return new(DuckDbType.Struct) { Names = names, Children = children };
    }

    private static unsafe string[] EnumNames(nint type)
    {
        var names = new string[DuckDbNative.EnumSize(type)];
        for (var i = 0; i < names.Length; i++)
            names[i] = DuckDbNative.TakeText(DuckDbNative.EnumValue(type, (ulong)i));
        return names;
    }
}
