using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Objectives.CheckIns;

namespace MlOpsPortal.Projects.Standing;

/// <summary>A check-in of a key result, or a value of a KPI, that is due by its cadence.</summary>
/// <param name="KeyResult">Null for a KPI.</param>
/// <param name="Kpi">Null for a key result.</param>
/// <param name="Since">The first day that it was overdue on is the one after.</param>
/// <param name="Mine">The caller is its owner by name, or nobody is and she is a business owner of the project.</param>
public sealed record DueCheckIn(
    ProjectId Project, string ProjectName, KeyResult? KeyResult, CheckIn? LastCheckIn, Kpi? Kpi, KpiValue? LastValue, DateOnly Since, bool Mine = false)
{
    public string Title => KeyResult?.Title ?? Kpi?.Name ?? "";

    public string Owner => KeyResult is null ? Kpi?.Owner ?? "" : KeyResult.Owner ?? "";

    /// <summary>The key result's or KPI's id: names it in an address.</summary>
    public string Subject => KeyResult?.Id.ToString() ?? Kpi?.Id.ToString() ?? "";

    internal static IEnumerable<DueCheckIn> Of(ProjectStanding standing) =>
        standing.Objectives.SelectMany(objective => objective.KeyResults).Where(result => result.DueSince is not null)
            .Select(result => new DueCheckIn(standing.Project.Id, standing.Project.Name, result.KeyResult, result.Latest, null, null, result.DueSince!.Value)) // filtered just before
            .Concat(standing.Kpis.Where(kpi => kpi.DueSince is not null)
                .Select(kpi => new DueCheckIn(standing.Project.Id, standing.Project.Name, null, null, kpi.Kpi, kpi.Latest, kpi.DueSince!.Value))); // likewise

    internal bool IsOf(string name, IReadOnlySet<Role> roles) =>
        Owner.Length == 0 ? roles.Contains(Role.BusinessOwner) : string.Equals(Owner, name, StringComparison.OrdinalIgnoreCase);
}
