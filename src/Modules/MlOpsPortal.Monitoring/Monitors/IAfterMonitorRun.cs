using System.Collections.Immutable;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>Draws conclusions from measured windows inside the transaction that saves them: either both are there or neither.</summary>
internal interface IAfterMonitorRun
{
    /// <param name="db">The unit of work; add rows, record events, do not save.</param>
    /// <param name="runs">Measured now, in the order of their windows; a window that is measured again has a <see cref="MonitorRun.Revision"/> above 1.</param>
    Task NoteAsync(MonitoringDbContext db, Caller caller, EndpointMonitor monitor, ImmutableArray<MonitorRun> runs, DateTimeOffset now, CancellationToken cancellationToken);
}
