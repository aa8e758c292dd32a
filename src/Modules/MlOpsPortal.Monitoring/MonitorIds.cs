using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring;

/// <summary>What watches an endpoint.</summary>
public readonly record struct MonitorId(Guid Value) : IId<MonitorId>
{
    public static MonitorId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out MonitorId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>One window of a monitor, measured.</summary>
public readonly record struct MonitorRunId(Guid Value) : IId<MonitorRunId>
{
    public static MonitorRunId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out MonitorRunId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
