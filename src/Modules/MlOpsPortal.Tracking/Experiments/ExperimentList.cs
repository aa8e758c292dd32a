using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Experiments;

/// <summary>Which experiments a list shows.</summary>
/// <param name="Project">Null for all that the caller may know of.</param>
/// <param name="Name">Part of the name, upper and lower case alike; null for any.</param>
public sealed record ExperimentQuery(ProjectId? Project, string? Name, bool Deleted);

/// <summary>An experiment in a list.</summary>
/// <param name="Runs">Those that are not deleted themselves; counted to <see cref="ExperimentList.MostCounted"/> and one more.</param>
/// <param name="LastRunAt">When the newest run began, as its client says; null without a run.</param>
/// <param name="Note">The beginning of its description.</param>
public sealed record ExperimentSummary(
    ExperimentId Id, ProjectId Project, string Name, DateTimeOffset CreatedAt, DateTimeOffset? DeletedAt, int Runs, DateTimeOffset? LastRunAt, string? Note);

/// <summary>The experiments that the caller may know of, newest first.</summary>
public sealed class ExperimentList
{
    public const int MostCounted = 1_000;
    private const int NoteLength = 160;
    private const string NoteTag = "mlflow.note.content";
    private const long LastMoment = 253_402_300_799_999; // milliseconds of the calendar's end
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly IPermissions permissions;

    internal ExperimentList(ITenantDb<TrackingDbContext> databases, IPermissions permissions) => (this.databases, this.permissions) = (databases, permissions);

    public async Task<Result<Page<ExperimentSummary>>> ListAsync(Caller caller, ExperimentQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        if (query.Project is { } asked)
        {
            var allowed = await permissions.DemandAsync(caller, asked.Scope, TrackingPermissions.View, cancellationToken);
            if (!allowed.IsOk)
                return allowed.Refusal;
        }

        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Experiments.AsNoTracking().Where(row => query.Deleted ? row.DeletedAt != null : row.DeletedAt == null);
        if (query.Project is { } project)
            rows = rows.Where(row => row.ProjectId == project);
        else if (!visible.All)
        {
            var projects = visible.Scopes.Select(scope => new ProjectId(scope)).ToArray();
            rows = rows.Where(row => projects.Contains(row.ProjectId));
        }

        if (query.Name is { Length: > 0 } name)
        {
            var pattern = "%" + name.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            rows = rows.Where(row => EF.Functions.ILike(EF.Functions.Collate(row.Name, "default"), pattern, "\\"));
        }

        if (Cursors.Read(page.Cursor)?.Split('\n') is [var ticks, var idText] && long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) && Guid.TryParseExact(idText, "n", out var id))
        {
            var (before, key) = (new DateTimeOffset(at, TimeSpan.Zero), new ExperimentId(id));
            rows = rows.Where(row => EF.Functions.LessThan(ValueTuple.Create(row.CreatedAt, row.Id), ValueTuple.Create(before, key)));
        }

        var found = await rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(page.Limit + 1)
            .Select(row => new
            {
                row.Id, row.ProjectId, row.Name, row.CreatedAt, row.DeletedAt,
                Runs = db.Runs.Where(run => run.ExperimentNo == row.No && run.DeletedAt == null).Take(MostCounted + 1).Count(),
                Last = db.Runs.Where(run => run.ExperimentNo == row.No && run.DeletedAt == null).OrderByDescending(run => run.StartTime).Select(run => (long?)run.StartTime).FirstOrDefault(),
                Note = db.ExperimentTags.Where(tag => tag.ExperimentId == row.Id && tag.Key == NoteTag).Select(tag => tag.Value.Substring(0, NoteLength)).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => string.Create(CultureInfo.InvariantCulture, $"{row.CreatedAt.UtcTicks}\n{row.Id.Value:n}"));
        return new Page<ExperimentSummary>(
            [.. cut.Items.Select(row => new ExperimentSummary(
                row.Id, row.ProjectId, row.Name, row.CreatedAt, row.DeletedAt, row.Runs, row.Last is > 0 and <= LastMoment and var last ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null, row.Note is { Length: > 0 } note ? note : null))],
            cut.NextCursor);
    }
}
