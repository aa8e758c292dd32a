using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Registered;

/// <summary>Every use case of a registered model. Names come as the caller wrote them: a refusal repeats them.</summary>
public sealed class RegistryDesk
{
    /// <summary>Names the project of a registered model, by id or name.</summary>
    public const string ProjectTag = "mlopsportal.project";

    /// <summary>Set to <c>true</c> on what is a prompt and no model.</summary>
    public const string PromptTag = "mlflow.prompt.is_prompt";

    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly ModelPlaces places;
    private readonly IPermissions permissions;
    private readonly ProjectPortfolio projects;
    private readonly DefaultProjectDesk defaults;
    private readonly RegistryOptions options;
    private readonly TimeProvider time;

    internal RegistryDesk(
        ITenantDb<RegistryDbContext> databases, ModelPlaces places, IPermissions permissions, ProjectPortfolio projects, DefaultProjectDesk defaults,
        IOptions<RegistryOptions> options, TimeProvider time) =>
        (this.databases, this.places, this.permissions, this.projects, this.defaults, this.options, this.time) =
        (databases, places, permissions, projects, defaults, options.Value, time);

    public async Task<Result<RegisteredModel>> CreateAsync(
        Caller caller, string name, IReadOnlyCollection<KeyValuePair<string, string>> tags, string? description, CancellationToken cancellationToken)
    {
        if ((RegistryText.CheckName("name", name) ?? RegistryText.CheckTags(tags) ?? RegistryText.CheckDescription(description)) is { } wrong)
            return wrong;
        var wish = tags.LastOrDefault(tag => tag.Key == ProjectTag).Value;
        var project = await ChooseProjectAsync(caller, wish, cancellationToken);
        if (!project.IsOk)
            return project.Refusal;
        var allowed = await permissions.DemandAsync(caller, project.Value.Scope, RegistryPermissions.Write, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<RegisteredModel>(caller, cancellationToken) is { } before)
            return before;
        var key = RegistryText.Name(name);
        var isPrompt = IsPrompt(tags);
        if (await TakenAsync(db, key, isPrompt, cancellationToken) is { } taken)
            return taken;
        var milliseconds = now.ToUnixTimeMilliseconds();
        var row = new RegisteredModelRow
        {
            Id = Id.New<RegisteredModelId>(now), ProjectId = project.Value, ProjectChosen = wish is not null, Name = key, Description = Given(description),
            CreatedMs = milliseconds, UpdatedMs = milliseconds, CreatedBy = caller.Name,
        };
        db.Models.Add(row);
        ImmutableArray<KeyValuePair<string, string>> kept = [.. tags.GroupBy(tag => tag.Key, (_, same) => same.Last(), StringComparer.Ordinal).OrderBy(tag => tag.Key, StringComparer.Ordinal)];
        db.ModelTags.AddRange(kept.Select(tag => new ModelTagRow { ModelId = row.Id, Key = tag.Key, Value = tag.Value }));
        db.Record(caller, ModelPlaces.SubjectOf(row), new RegisteredModelCreated(row.Name), now);
        var created = new RegisteredModel(row.Id, row.ProjectId, row.Name, row.Description, RegistryReader.At(milliseconds), RegistryReader.At(milliseconds), row.CreatedBy, kept, [], []);
        return await db.CommitAsync(caller, created, now, cancellationToken, Taken(key));
    }

    public async Task<Result<RegisteredModel>> GetAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await places.FindAsync(db, caller, name, RegistryPermissions.View, cancellationToken);
        return found.IsOk ? (await db.ModelsAsync([found.Value.Id], cancellationToken))[0] : found.Refusal;
    }

    /// <summary>Gives a model another name. Its versions, aliases and history stay.</summary>
    public Task<Result<RegisteredModel>> RenameAsync(Caller caller, string name, string newName, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckName("new_name", newName) is { } wrong)
            return Task.FromResult<Result<RegisteredModel>>(wrong);
        var key = RegistryText.Name(newName);
        return ChangeAsync(caller, name, async (db, hold, now) =>
        {
            if (hold.Model.Name == key)
                return null;
            if (await db.Models.AnyAsync(row => row.Name == key && row.DeletedAt == null, cancellationToken))
                return RegistryErrors.NameTaken(newName);
            var before = hold.Model.Name;
            hold.Model.Name = key;
            await db.Versions.Where(row => row.ModelId == hold.Model.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.UpdatedMs, now.ToUnixTimeMilliseconds()), cancellationToken);
            db.Record(caller, hold.Subject, new RegisteredModelRenamed(before, key), now);
            return null;
        }, Taken(key), cancellationToken);
    }

    public Task<Result<RegisteredModel>> DescribeAsync(Caller caller, string name, string? description, CancellationToken cancellationToken) =>
        RegistryText.CheckDescription(description) is { } wrong
            ? Task.FromResult<Result<RegisteredModel>>(wrong)
            : ChangeAsync(caller, name, (db, hold, now) =>
            {
                (var before, hold.Model.Description) = (hold.Model.Description, Given(description));
                if (before != hold.Model.Description)
                    db.Record(caller, hold.Subject, new RegisteredModelDescribed(before, hold.Model.Description), now);
                return Task.FromResult<Refusal?>(null);
            }, null, cancellationToken);

    /// <summary>Puts a model away with its versions and aliases. Its name is free at once; until the window ends it can be restored.</summary>
    public async Task<Result<DeletedModel>> DeleteAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var held = await places.HoldAsync(db, caller, name, RegistryPermissions.Delete, cancellationToken);
        if (!held.IsOk)
            return held.Refusal;
        await using var hold = held.Value;
        var rule = await GovernanceDesk.RuleAsync(db, cancellationToken);
        var aliases = await db.Aliases.Where(alias => alias.ModelId == hold.Model.Id).Select(alias => alias.Alias).ToListAsync(cancellationToken);
        if (aliases.Find(rule.Guards) is { } guarded)
            return RegistryErrors.HoldsProtected(hold.Model.Name, guarded);
        var versions = await db.Versions.CountAsync(row => row.ModelId == hold.Model.Id && row.DeletedAt == null, cancellationToken);
        var now = time.GetMicrosecondNow();
        (hold.Model.DeletedAt, hold.Model.DeletedBy) = (now, caller.Name);
        await db.Requests.Where(request => request.ModelId == hold.Model.Id && request.State == MoveState.Requested)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.State, MoveState.Withdrawn), cancellationToken);
        var answer = new DeletedModel(versions, aliases.Count, now + options.RestoreWindow);
        db.Record(caller, hold.Subject, new RegisteredModelDeleted(answer.Versions, answer.Aliases, answer.Until), now);
        return await hold.CommitAsync(db, caller, answer, now, cancellationToken);
    }

    /// <summary>Brings a deleted model back with its versions and aliases, if its name is still free.</summary>
    public async Task<Result<RegisteredModel>> RestoreAsync(Caller caller, RegisteredModelId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Models.SingleOrDefaultAsync(model => model.Id == id, cancellationToken);
        if (row is null)
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, row.ProjectId.Scope, RegistryPermissions.Delete, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (row.DeletedAt is null)
            return RegistryErrors.NotDeleted();
        if (await db.Models.AnyAsync(model => model.Name == row.Name && model.DeletedAt == null, cancellationToken))
            return RegistryErrors.NameTaken(row.Name);
        var now = time.GetMicrosecondNow();
        (row.DeletedAt, row.DeletedBy) = (null, null);
        db.Record(caller, ModelPlaces.SubjectOf(row), new RegisteredModelRestored(), now);
        var saved = await db.CommitAsync(caller, Done.Instance, now, cancellationToken, Taken(row.Name));
        return saved.IsOk ? (await db.ModelsAsync([id], cancellationToken))[0] : saved.Refusal;
    }

    /// <summary>Deleted models that the caller could restore, the newest first.</summary>
    public async Task<ImmutableArray<RegisteredModel>> ListDeletedAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> scopes = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var ids = await db.Models.AsNoTracking().Where(row => row.DeletedAt != null && (visible.All || scopes.Contains(row.ProjectId)))
            .OrderByDescending(row => row.DeletedAt).Take(100).Select(row => row.Id).ToListAsync(cancellationToken);
        return await db.ModelsAsync(ids, cancellationToken);
    }

    public async Task<Result<Done>> SetTagAsync(Caller caller, string name, string key, string value, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckTag(key, value) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var held = await places.HoldAsync(db, caller, name, RegistryPermissions.Write, cancellationToken);
        if (!held.IsOk)
            return held.Refusal;
        await using var hold = held.Value;
        if (key == ProjectTag)
        {
            var project = await ChooseProjectAsync(caller, value, cancellationToken);
            if (!project.IsOk)
                return project.Refusal;
            var allowed = await permissions.DemandAsync(caller, project.Value.Scope, RegistryPermissions.Write, cancellationToken);
            if (!allowed.IsOk)
                return allowed.Refusal;
            (hold.Model.ProjectId, hold.Model.ProjectChosen) = (project.Value, true);
        }

        if (await db.ModelTags.SingleOrDefaultAsync(tag => tag.ModelId == hold.Model.Id && tag.Key == key, cancellationToken) is { } there)
            there.Value = value;
        else if (await db.ModelTags.CountAsync(tag => tag.ModelId == hold.Model.Id, cancellationToken) >= RegistryText.MaxTags)
            return RegistryErrors.TooManyTags(RegistryText.MaxTags);
        else
            db.ModelTags.Add(new ModelTagRow { ModelId = hold.Model.Id, Key = key, Value = value });
        return await hold.CommitAsync(db, caller, Done.Instance, time.GetMicrosecondNow(), cancellationToken);
    }

    /// <summary>A tag that is not there is gone already.</summary>
    public async Task<Result<Done>> DeleteTagAsync(Caller caller, string name, string key, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckKey(key) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var found = await places.FindAsync(db, caller, name, RegistryPermissions.Write, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await db.ModelTags.Where(tag => tag.ModelId == found.Value.Id && tag.Key == key).ExecuteDeleteAsync(cancellationToken);
        return Done.Instance;
    }

    /// <summary>The newest version of each stage asked for.</summary>
    /// <param name="stages">As the caller wrote them; none for all.</param>
    public async Task<Result<ImmutableArray<RegisteredVersion>>> LatestAsync(Caller caller, string name, IReadOnlyCollection<string> stages, CancellationToken cancellationToken)
    {
        var model = await GetAsync(caller, name, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        if (stages.FirstOrDefault(stage => ModelStages.Parse(stage) is null) is { } unknown)
            return RegistryErrors.Stage(unknown);
        var wanted = stages.Select(stage => ModelStages.Parse(stage)).ToHashSet();
        return model.Value.Latest.RemoveAll(version => wanted.Count > 0 && !wanted.Contains(version.Stage));
    }

    /// <summary>Where aliases and stages of a model moved, the newest first.</summary>
    public async Task<Result<ImmutableArray<Movement>>> HistoryAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await places.FindAsync(db, caller, name, RegistryPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var rows = await db.Movements.AsNoTracking().Where(row => row.ModelId == found.Value.Id).OrderByDescending(row => row.Id).Take(500).ToListAsync(cancellationToken);
        return rows.Select(row => new Movement(row.Kind, row.Name, row.From, row.To, row.At, row.ActorName, row.AskedBy, row.Request)).ToImmutableArray();
    }

    internal static bool IsPrompt(IEnumerable<KeyValuePair<string, string>> tags) => string.Equals(tags.LastOrDefault(tag => tag.Key == PromptTag).Value, "true", StringComparison.OrdinalIgnoreCase);

    private async Task<Result<RegisteredModel>> ChangeAsync(
        Caller caller, string name, Func<RegistryDbContext, ModelHold, DateTimeOffset, Task<Refusal?>> change, IReadOnlyDictionary<string, Refusal>? taken, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var held = await places.HoldAsync(db, caller, name, RegistryPermissions.Write, cancellationToken);
        if (!held.IsOk)
            return held.Refusal;
        await using var hold = held.Value;
        var now = time.GetMicrosecondNow();
        if (await change(db, hold, now) is { } refusal)
            return refusal;
        hold.Model.UpdatedMs = now.ToUnixTimeMilliseconds();
        var saved = await hold.CommitAsync(db, caller, Done.Instance, now, cancellationToken, taken);
        return saved.IsOk ? (await db.ModelsAsync([hold.Model.Id], cancellationToken))[0] : saved.Refusal;
    }

    /// <param name="wish">A project's id or name; null for the tenant's own.</param>
    private async Task<Result<ProjectId>> ChooseProjectAsync(Caller caller, string? wish, CancellationToken cancellationToken)
    {
        if (wish is not null)
            return await projects.FindAsync(caller, wish, cancellationToken) is { } project ? project : RegistryErrors.NoProject(wish);
        var joined = await defaults.JoinAsync(caller, RegistryPermissions.Write, cancellationToken);
        // Without a role for it in the tenant she is told so, and it is noted.
        return joined is { IsOk: false, Refusal: NotFound } && await permissions.DemandAsync(caller, RegistryPermissions.Write, cancellationToken) is { IsOk: false } refused ? refused.Refusal : joined;
    }

    private static async Task<Refusal?> TakenAsync(RegistryDbContext db, string name, bool isPrompt, CancellationToken cancellationToken)
    {
        var there = await db.Models.Where(row => row.Name == name && row.DeletedAt == null).Select(row => (RegisteredModelId?)row.Id).SingleOrDefaultAsync(cancellationToken);
        if (there is not { } id)
            return null;
        var value = await db.ModelTags.Where(tag => tag.ModelId == id && tag.Key == PromptTag).Select(tag => tag.Value).SingleOrDefaultAsync(cancellationToken);
        var wasPrompt = string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
        return wasPrompt == isPrompt ? RegistryErrors.NameTaken(name) : RegistryErrors.NameTakenByOther(Word(isPrompt), name, Word(wasPrompt));
    }

    private static string Word(bool isPrompt) => isPrompt ? "prompt" : "registered model";

    private static string? Given(string? description) => string.IsNullOrEmpty(description) ? null : description;

    private static Dictionary<string, Refusal> Taken(string name) => new(StringComparer.Ordinal) { [RegistryDbContext.NameIndex] = RegistryErrors.NameTaken(name) };
}

/// <summary>What a deletion put away.</summary>
/// <param name="Until">Until then it can be restored.</param>
public sealed record DeletedModel(int Versions, int Aliases, DateTimeOffset Until);

/// <summary>An alias or a stage that moved.</summary>
/// <param name="Name">The alias; for a stage the version's number.</param>
/// <param name="AskedBy">Set when somebody else approved.</param>
public sealed record Movement(MovementKind Kind, string Name, string? From, string? To, DateTimeOffset At, string By, string? AskedBy, MoveRequestId? Request);
