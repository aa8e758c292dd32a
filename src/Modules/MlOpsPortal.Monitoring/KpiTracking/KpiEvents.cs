using System.Collections.Immutable;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Monitoring.KpiTracking;

public sealed record KpiMeasurementDefined(MeasurementSpec? Before, int Number, MeasurementSpec After) : DomainEvent("kpi.measurement_defined");

public sealed record KpiMeasurementScheduled(bool On) : DomainEvent("kpi.measurement_scheduled");

public sealed record KpiRunStarted(KpiRunId Run, int Definition, KpiRunTrigger Trigger, DateOnly From, DateOnly To) : DomainEvent("kpi.run_started");

/// <summary>Periods were measured; the values themselves are in the KPI's series.</summary>
public sealed record KpiRunDone(KpiRunId Run, int Definition, int Values, int NotComputable, ImmutableArray<UsedInput> Inputs) : DomainEvent("kpi.run_done");

public sealed record KpiRunFailed(KpiRunId Run, string Code, ImmutableArray<string> Args) : DomainEvent("kpi.run_failed");
