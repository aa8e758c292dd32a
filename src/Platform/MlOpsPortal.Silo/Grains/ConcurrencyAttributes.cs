namespace MlOpsPortal.Silo;

/// <summary>The method changes no state: its turns may interleave with those of other [ReadOnly] methods, never with others.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The method's turns may interleave with any other turn.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Every method of the grain class is [AlwaysInterleave].</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
