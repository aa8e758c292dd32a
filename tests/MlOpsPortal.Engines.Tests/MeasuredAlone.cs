namespace MlOpsPortal.Engines.Tests;

/// <summary>Tests that look at this process's memory or clock: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
