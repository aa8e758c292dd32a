using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Governance;

/// <summary>Moves aliases and stages. What the rules guard is done at once for a version that is approved for production, and is otherwise asked for: the
/// request waits for somebody who may decide, and whoever asked is told so.</summary>
public sealed class MoveDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly ModelPlaces places;
    private readonly IPermissions permissions;
    private readonly IReleaseApprovals approvals;
    private readonly TimeProvider time;

    internal MoveDesk(ITenantDb<RegistryDbContext> databases, ModelPlaces places, IPermissions permissions, IReleaseApprovals approvals, TimeProvider time) =>
        (this.databases, this.places, this.permissions, this.approvals, this.time) = (databases, places, permissions, approvals, time);

    /// <returns>The version that moved, null for an alias that is gone; Forbidden (<see cref="RegistryErrors.NeedsApprovalCode"/>) when it was asked for instead.</returns>
    public async Task<Result<Moved>> MoveAsync(Caller caller, string name, Move move, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var held = await places.HoldAsync(db, caller, name, RegistryPermissions.Write, cancellationToken);
        if (!held.IsOk)
            return held.Refusal;
        await using var hold = held.Value;
        var version = await VersionAsync(db, hold.Model, move, cancellationToken);
        if (!version.IsOk)
            return version.Refusal;
        var now = time.GetMicrosecondNow();
        if (await IsThereAsync(db, hold.Model, move, version.Value.Row, cancellationToken))
            return await AnswerAsync(db, version.Value.Row, cancellationToken);
        var rule = await GovernanceDesk.RuleAsync(db, cancellationToken);
        if (rule.Guards(move, version.Value.Row?.Stage ?? ModelStage.None) && !await IsApprovedAsync(caller, version.Value.Row, cancellationToken))
            return await AskAsync(db, caller, hold, move, now, cancellationToken);
        await CarryOutAsync(db, caller, hold, move, version.Value.Row, null, now, cancellationToken);
        var saved = await hold.CommitAsync(db, caller, Done.Instance, now, cancellationToken);
        return saved.IsOk ? await AnswerAsync(db, version.Value.Row, cancellationToken) : saved.Refusal;
    }

    public async Task<Result<MoveRequest>> GetAsync(Caller caller, MoveRequestId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, RegistryPermissions.View, cancellationToken);
        return found.IsOk ? View(found.Value.Request, found.Value.Model) : found.Refusal;
    }

    /// <summary>Requests in every project that the caller may see, the newest first.</summary>
    /// <param name="open">Only those that wait.</param>
    public async Task<ImmutableArray<MoveRequest>> ListAsync(Caller caller, bool open, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> projects = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Requests.AsNoTracking().Where(request => !open || request.State == MoveState.Requested)
            .Join(db.Models.Where(model => visible.All || projects.Contains(model.ProjectId)), request => request.ModelId, model => model.Id, (request, model) => new { request, model })
            .OrderByDescending(row => row.request.AskedAt).Take(200).ToListAsync(cancellationToken);
        return [.. rows.Select(row => View(row.request, row.model))];
    }

    /// <summary>Approving carries the move out.</summary>
    public Task<Result<MoveRequest>> ApproveAsync(Caller caller, MoveRequestId id, string comment, CancellationToken cancellationToken) =>
        DecideAsync(caller, id, comment, MoveState.Approved, cancellationToken);

    public Task<Result<MoveRequest>> RejectAsync(Caller caller, MoveRequestId id, string comment, CancellationToken cancellationToken) =>
        DecideAsync(caller, id, comment, MoveState.Rejected, cancellationToken);

    public Task<Result<MoveRequest>> WithdrawAsync(Caller caller, MoveRequestId id, CancellationToken cancellationToken) =>
        DecideAsync(caller, id, "", MoveState.Withdrawn, cancellationToken);

    internal static MovementRow Moved(
        Caller caller, RegisteredModelId model, MovementKind kind, string name, string? from, string? to, DateTimeOffset now, int place = 0, MoveRequestRow? request = null) => new()
    {
        Id = Id.Ordered(now, place),
        ModelId = model,
        Kind = kind,
        Name = name,
        From = from,
        To = to,
        At = now,
        ActorId = caller.User,
        ActorName = caller.Name,
        Request = request?.Id,
        AskedBy = request?.AskedBy,
    };

    private async Task<Result<MoveRequest>> DecideAsync(Caller caller, MoveRequestId id, string comment, MoveState decision, CancellationToken cancellationToken)
    {
        if (comment.Length > RegistryText.MaxComment)
            return RegistryErrors.TooLong("comment", RegistryText.MaxComment);
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, decision == MoveState.Withdrawn ? RegistryPermissions.View : RegistryPermissions.Decide, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if ((found.Value.Request.AskedById == caller.User) != (decision == MoveState.Withdrawn))
            return decision == MoveState.Withdrawn ? RegistryErrors.NotYourRequest() : RegistryErrors.OwnRequest();
        if (await ModelPlaces.HoldAsync(db, found.Value.Model.Id, cancellationToken) is not { } held)
            return new NotFound();
        await using var hold = held;
        var request = await db.Requests.SingleAsync(row => row.Id == id, cancellationToken);
        if (request.State != MoveState.Requested)
            return RegistryErrors.RequestOver(request.State.ToString().ToLowerInvariant());
        var move = MoveOf(request);
        var now = time.GetMicrosecondNow();
        (request.State, request.DecidedBy, request.DecidedAt, request.Comment) = (decision, caller.Name, now, comment.Length == 0 ? null : comment);
        if (decision == MoveState.Approved)
        {
            var version = await VersionAsync(db, hold.Model, move, cancellationToken);
            if (!version.IsOk)
                return version.Refusal;
            if (!await IsThereAsync(db, hold.Model, move, version.Value.Row, cancellationToken))
                await CarryOutAsync(db, caller, hold, move, version.Value.Row, request, now, cancellationToken);
        }

        var title = move.Title(hold.Model.Name);
        db.Record(caller, hold.Subject, decision switch
        {
            MoveState.Approved => new MoveApproved(id, title, request.Number, comment),
            MoveState.Rejected => new MoveRejected(id, title, request.Number, comment),
            _ => new MoveWithdrawn(id, title, request.Number),
        }, now);
        var saved = await hold.CommitAsync(db, caller, Done.Instance, now, cancellationToken);
        return saved.IsOk ? View(request, hold.Model) : saved.Refusal;
    }

    private async Task<Result<(MoveRequestRow Request, RegisteredModelRow Model)>> FindAsync(RegistryDbContext db, Caller caller, MoveRequestId id, Permission permission, CancellationToken cancellationToken)
    {
        var row = await db.Requests.AsNoTracking().Where(request => request.Id == id)
            .Join(db.Models, request => request.ModelId, model => model.Id, (request, model) => new { request, model }).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, row.model.ProjectId.Scope, permission, cancellationToken);
        return allowed.IsOk ? (row.request, row.model) : allowed.Refusal;
    }

    private static async Task<Result<Target>> VersionAsync(RegistryDbContext db, RegisteredModelRow model, Move move, CancellationToken cancellationToken)
    {
        if (move.Kind == MoveKind.RemoveAlias)
            return new Target(null);
        var row = await db.Versions.SingleOrDefaultAsync(one => one.ModelId == model.Id && one.Number == move.Number && one.DeletedAt == null, cancellationToken);
        return row is null ? RegistryErrors.NoVersion(model.Name, Text(move.Number)) : new Target(row);
    }

    /// <summary>Is there nothing to do? A repeated request, or one that was approved meanwhile.</summary>
    private static async Task<bool> IsThereAsync(RegistryDbContext db, RegisteredModelRow model, Move move, VersionRow? version, CancellationToken cancellationToken)
    {
        if (move.Kind == MoveKind.Stage)
            return false;
        var number = await db.Aliases.Where(alias => alias.ModelId == model.Id && alias.Alias == move.Name).Select(alias => (int?)alias.Number).SingleOrDefaultAsync(cancellationToken);
        return number == version?.Number;
    }

    private async Task<bool> IsApprovedAsync(Caller caller, VersionRow? version, CancellationToken cancellationToken) =>
        version?.PortalVersion is { } portal && (await approvals.DemandAsync(caller, portal, ReleaseEnvironment.Production, cancellationToken)).IsOk;

    private static async Task<Result<Moved>> AskAsync(RegistryDbContext db, Caller caller, ModelHold hold, Move move, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.Requests.AsNoTracking().Where(request => request.ModelId == hold.Model.Id && request.Kind == move.Kind && request.Name == move.Name && request.Number == move.Number
            && request.State == MoveState.Requested).Select(request => (MoveRequestId?)request.Id).SingleOrDefaultAsync(cancellationToken);
        if (open is { } there)
            return RegistryErrors.NeedsApproval(move.Sentence(hold.Model.Name), there);
        var row = new MoveRequestRow
        {
            Id = Id.New<MoveRequestId>(now),
            ModelId = hold.Model.Id,
            Kind = move.Kind,
            Name = move.Name,
            Number = move.Number,
            ArchiveOthers = move.ArchiveOthers,
            AskedById = caller.User,
            AskedBy = caller.Name,
            AskedAt = now,
        };
        db.Requests.Add(row);
        db.Record(caller, hold.Subject, new MoveRequested(row.Id, move.Title(hold.Model.Name), move.Number), now);
        var saved = await hold.CommitAsync(db, caller with { Idempotency = null }, Done.Instance, now, cancellationToken);
        return saved.IsOk ? RegistryErrors.NeedsApproval(move.Sentence(hold.Model.Name), row.Id) : saved.Refusal;
    }

    private static async Task CarryOutAsync(
        RegistryDbContext db, Caller caller, ModelHold hold, Move move, VersionRow? version, MoveRequestRow? request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (move.Kind == MoveKind.Stage && version is not null)
            await StageAsync(db, caller, hold, move, version, request, now, cancellationToken);
        else
            await AliasAsync(db, caller, hold, move, version?.Number, request, now, cancellationToken);
    }

    private static async Task AliasAsync(
        RegistryDbContext db, Caller caller, ModelHold hold, Move move, int? to, MoveRequestRow? request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Aliases.SingleOrDefaultAsync(alias => alias.ModelId == hold.Model.Id && alias.Alias == move.Name, cancellationToken);
        var from = row?.Number;
        if (to is not { } number)
            db.Aliases.RemoveRange(row is null ? [] : [row]);
        else if (row is null)
            db.Aliases.Add(new AliasRow { ModelId = hold.Model.Id, Alias = move.Name, Number = number });
        else
            row.Number = number;
        db.Movements.Add(Moved(caller, hold.Model.Id, MovementKind.Alias, move.Name, Text(from), Text(to), now, request: request));
        db.Record(caller, hold.Subject, new RegistryAliasMoved(move.Name, from, to, request?.Id), now);
    }

    private static async Task StageAsync(
        RegistryDbContext db, Caller caller, ModelHold hold, Move move, VersionRow version, MoveRequestRow? request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var to = ModelStages.Parse(move.Name) ?? ModelStage.None;
        var changed = new List<(VersionRow Row, ModelStage To)>();
        if (move.ArchiveOthers)
            changed.AddRange((await db.Versions.Where(row => row.ModelId == hold.Model.Id && row.Number != version.Number && row.Stage == to && row.DeletedAt == null).ToListAsync(cancellationToken))
                .Select(row => (row, ModelStage.Archived)));
        changed.Add((version, to));
        var milliseconds = now.ToUnixTimeMilliseconds();
        hold.Model.UpdatedMs = milliseconds;
        for (var place = 0; place < changed.Count; place++)
        {
            var (row, stage) = changed[place];
            (var before, row.Stage, row.UpdatedMs) = (row.Stage, stage, milliseconds);
            if (before == stage)
                continue;
            db.Movements.Add(Moved(caller, hold.Model.Id, MovementKind.Stage, Text(row.Number)!, before.ToString(), stage.ToString(), now, place, request)); // a version's own number is there
            db.Record(caller, hold.Subject, new RegistryStageMoved(row.Number, before.ToString(), stage.ToString(), request?.Id), now);
        }
    }

    private static async Task<Result<Moved>> AnswerAsync(RegistryDbContext db, VersionRow? version, CancellationToken cancellationToken) =>
        new Moved(version is null ? null : (await db.VersionsAsync([version], cancellationToken))[0]);

    internal static Move MoveOf(MoveRequestRow request) => new(request.Kind, request.Name, request.Number) { ArchiveOthers = request.ArchiveOthers };

    private static MoveRequest View(MoveRequestRow request, RegisteredModelRow model) => new(
        request.Id, model.Id, model.ProjectId, model.Name, MoveOf(request), request.State, request.AskedById, request.AskedBy, request.AskedAt, request.DecidedBy, request.DecidedAt, request.Comment);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Target(VersionRow? Row);
}

/// <param name="Version">Null for an alias that is gone.</param>
public sealed record Moved(RegisteredVersion? Version);

/// <summary>A request to move something that is protected.</summary>
public sealed record MoveRequest(
    MoveRequestId Id, RegisteredModelId ModelId, ProjectId Project, string Model, Move Move, MoveState State, UserId AskedById, string AskedBy, DateTimeOffset AskedAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? Comment)
{
    public string Title => Move.Title(Model);
}
