using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Registry.Data;

/// <summary>Finds what a name stands for, for who may: the project of the model decides, before anything else is read.</summary>
internal sealed class ModelPlaces(IPermissions permissions)
{
    /// <param name="name">As the caller wrote it.</param>
    public async Task<Result<RegisteredModelRow>> FindAsync(RegistryDbContext db, Caller caller, string name, Permission permission, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckName("name", name) is { } wrong)
            return wrong;
        var key = RegistryText.Name(name);
        var row = await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.Name == key && model.DeletedAt == null, cancellationToken);
        if (row is null)
            return RegistryErrors.NoModel(name);
        var allowed = await permissions.DemandAsync(caller, row.ProjectId.Scope, permission, cancellationToken);
        return allowed.IsOk ? row : allowed.Refusal is NotFound ? RegistryErrors.NoModel(name) : allowed.Refusal;
    }

    /// <param name="version">As the caller wrote it.</param>
    public static async Task<Result<VersionRow>> VersionAsync(RegistryDbContext db, RegisteredModelRow model, string version, CancellationToken cancellationToken)
    {
        var number = ParseNumber(version);
        if (!number.IsOk)
            return number.Refusal;
        var row = await db.Versions.AsNoTracking().SingleOrDefaultAsync(one => one.ModelId == model.Id && one.Number == number.Value && one.DeletedAt == null, cancellationToken);
        return row is null ? RegistryErrors.NoVersion(model.Name, version) : row;
    }

    /// <summary>Holds a model, so that one change comes after the other. Dispose it; nothing is kept without its commit.</summary>
    public async Task<Result<ModelHold>> HoldAsync(RegistryDbContext db, Caller caller, string name, Permission permission, CancellationToken cancellationToken)
    {
        var found = await FindAsync(db, caller, name, permission, cancellationToken);
        return found.IsOk ? await HoldAsync(db, found.Value.Id, cancellationToken) ?? (Result<ModelHold>)RegistryErrors.NoModel(name) : found.Refusal;
    }

    /// <summary>Holds a model that the caller was let at before.</summary>
    /// <returns>Null when it was deleted meanwhile.</returns>
    public static async Task<ModelHold?> HoldAsync(RegistryDbContext db, RegisteredModelId id, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var counted = await db.Models.Where(row => row.Id == id && row.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Revision, row => row.Revision + 1), cancellationToken);
        if (counted > 0)
            return new ModelHold(transaction, await db.Models.SingleAsync(row => row.Id == id, cancellationToken));
        await transaction.DisposeAsync();
        return null;
    }

    public static Result<int> ParseNumber(string version)
    {
        var text = version.AsSpan().Trim();
        return text.Length is > 0 and < 20 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (int)Math.Clamp(number, -1, int.MaxValue)
            : RegistryErrors.NotInteger(version);
    }

    public static Subject SubjectOf(RegisteredModelRow model) => new("registeredModel", model.Id.ToString(), model.Name, model.ProjectId.Scope);
}

/// <summary>A model in one transaction's hands.</summary>
internal sealed class ModelHold(IDbContextTransaction transaction, RegisteredModelRow model) : IAsyncDisposable
{
    public RegisteredModelRow Model { get; } = model;

    public Subject Subject => ModelPlaces.SubjectOf(Model);

    /// <summary>Saves the unit of work, and lets go.</summary>
    public async Task<Result<T>> CommitAsync<T>(RegistryDbContext db, Caller caller, T answer, DateTimeOffset now, CancellationToken cancellationToken, IReadOnlyDictionary<string, Refusal>? taken = null)
    {
        var saved = await db.CommitAsync(caller, answer, now, cancellationToken, taken);
        if (saved.IsOk)
            await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <summary>Lets go of what statements have changed.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    public ValueTask DisposeAsync() => transaction.DisposeAsync();
}
