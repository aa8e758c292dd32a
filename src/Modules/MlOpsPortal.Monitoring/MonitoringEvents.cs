using System.Collections.Immutable;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Monitoring;

public sealed record MonitorCreated(EndpointMonitor Monitor) : DomainEvent("monitor.created");

public sealed record MonitorChanged(EndpointMonitor Before, EndpointMonitor After) : DomainEvent("monitor.changed");

public sealed record MonitorArchived() : DomainEvent("monitor.archived");

/// <summary>Windows were measured, for the first time or again. Comes once per job, in the transaction that saved them.</summary>
/// <param name="Runs">In the order of their windows.</param>
/// <param name="From">Beginning of the first window.</param>
/// <param name="To">End of the last one.</param>
public sealed record MonitorRan(JobId Job, ImmutableArray<MonitorRunId> Runs, DateTimeOffset From, DateTimeOffset To) : DomainEvent("monitor.ran");

/// <param name="Rows">Newly in the log.</param>
public sealed record PredictionsTaken(int Rows) : DomainEvent("monitoring.predictions_taken");

/// <param name="Rows">New or changed.</param>
/// <param name="Unmatched">No prediction has the id yet.</param>
public sealed record ActualsTaken(int Rows, int Matched, int Unmatched, int Late) : DomainEvent("monitoring.actuals_taken");
