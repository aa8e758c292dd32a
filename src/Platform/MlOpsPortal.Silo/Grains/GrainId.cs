namespace MlOpsPortal.Silo;

/// <summary>Identity of a grain: its class's type and its key.</summary>
public readonly record struct GrainId(GrainType Type, IdSpan Key)
{
    public override string ToString() => $"{Type}/{Key}";
}

/// <summary>A grain class's short name: lower case, without the suffix "Grain".</summary>
public readonly record struct GrainType(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A grain's key.</summary>
public readonly record struct IdSpan(string Value)
{
    public override string ToString() => Value;
}
