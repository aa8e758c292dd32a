using MlOpsPortal.Audit.Data;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Audit.Trail;

/// <summary>Which entries. What is null does not narrow.</summary>
/// <param name="Person">An account's id, or a part of the name as it was then.</param>
/// <param name="Kind">What it was done to: project, dataset, model, member…</param>
/// <param name="Object">The id of what it was done to, or a part of its name as it was then.</param>
/// <param name="Action">The action, or its beginning: <c>member.</c> for everything about members.</param>
/// <param name="Project">Entries of this project only.</param>
/// <param name="From">At this moment or later, UTC.</param>
/// <param name="To">Before this moment, UTC.</param>
public sealed record TrailQuery(string? Person = null, string? Kind = null, string? Object = null, string? Action = null, ScopeId? Project = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    private const int MaxLength = 250;

    internal Validation? Check() =>
        new Faults().OptionalText("person", Person, MaxLength).OptionalText("kind", Kind, MaxLength).OptionalText("object", Object, MaxLength).OptionalText("action", Action, MaxLength)
            .When(From >= To, "to", "audit.no_time").Refusal;

    /// <summary>The rows that fit, among those that the caller may know of, newest first.</summary>
    internal IQueryable<AuditRow> Over(AuditDbContext db, VisibleScopes visible)
    {
        var rows = db.Audit.AsNoTracking();
        if (!visible.All)
        {
            var scopes = visible.Scopes.Select(scope => (ScopeId?)new ScopeId(scope)).ToList();
            rows = rows.Where(row => row.Scope == null || scopes.Contains(row.Scope));
        }

        if (Project is { } project)
            rows = rows.Where(row => row.Scope == project);
        if (Given(Kind) is { } kind)
            rows = rows.Where(row => row.SubjectKind == kind);
        if (Given(Action) is { } action)
            rows = rows.Where(row => row.Action.StartsWith(action));
        if (From is { } from)
            rows = rows.Where(row => row.At >= from.ToUniversalTime());
        if (To is { } to)
            rows = rows.Where(row => row.At < to.ToUniversalTime());
        return AboutObject(ByPerson(rows)).OrderByDescending(row => row.Id);
    }

    private IQueryable<AuditRow> ByPerson(IQueryable<AuditRow> rows)
    {
        if (Given(Person) is not { } person)
            return rows;
        if (IsId(person, out var id))
        {
            var user = new UserId(id);
            return rows.Where(row => row.ActorId == user);
        }

        var pattern = Containing(person);
        return rows.Where(row => EF.Functions.ILike(row.ActorName, pattern, @"\"));
    }

    private IQueryable<AuditRow> AboutObject(IQueryable<AuditRow> rows)
    {
        if (Given(Object) is not { } about)
            return rows;
        if (IsId(about, out var id))
        {
            var text = Id.Text(id);
            return rows.Where(row => row.SubjectId == text);
        }

        var pattern = Containing(about);
        return rows.Where(row => row.SubjectId == about || EF.Functions.ILike(row.SubjectName, pattern, @"\"));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsId(string text, out Guid id) => Guid.TryParseExact(text, "n", out id) || Guid.TryParseExact(text, "d", out id);

    /// <summary>A person's text is looked for as it is: its % and _ stand for themselves.</summary>
    private static string Containing(string text) => $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
