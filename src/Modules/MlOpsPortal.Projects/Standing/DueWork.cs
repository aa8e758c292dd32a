using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;

namespace MlOpsPortal.Projects.Standing;

/// <summary>Check-ins that are due, for "My work": one's own, and those of projects that one owns.</summary>
internal sealed class DueWork(StandingDesk standings, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var items = new List<WorkItem>();
        foreach (var due in await standings.DueAsync(caller, cancellationToken))
            if (due.Mine || (await permissions.RolesAsync(caller, due.Project.Scope, cancellationToken)).Contains(Role.BusinessOwner))
                items.Add(Item(due));
        return items;
    }

    private static WorkItem Item(DueCheckIn due)
    {
        var (said, on) = due.KeyResult is null
            ? (due.LastValue?.Value.ToString("0.######", CultureInfo.InvariantCulture), due.LastValue?.Date)
            : (due.LastCheckIn?.Said, due.LastCheckIn?.Date);
        var detail = on is { } date ? string.Create(CultureInfo.InvariantCulture, $"last {said} on {date:d MMM yyyy}") : "nothing recorded yet";
        return new WorkItem(WorkKind.CheckIn, due.KeyResult is null ? $"Record a value: {due.Title}" : $"Check in: {due.Title}", detail, due.Project.Scope, $"/check-ins?at={due.Subject}", At(due.Since))
        {
            Due = At(due.Since),
        };
    }

    private static DateTimeOffset At(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
