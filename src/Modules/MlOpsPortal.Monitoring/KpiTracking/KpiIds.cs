using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.KpiTracking;

public readonly record struct KpiRunId(Guid Value) : IId<KpiRunId>
{
    public static KpiRunId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out KpiRunId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
