using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Objectives.CheckIns;

/// <summary>A key result with its check-ins by date.</summary>
public sealed record KeyResultCheckIns(KeyResult KeyResult, ImmutableArray<CheckIn> CheckIns)
{
    /// <summary>Null before the first check-in.</summary>
    public CheckIn? Latest => CheckIns.IsEmpty ? null : CheckIns[^1];
}

/// <summary>Check-ins of key results: one per date, with their history.</summary>
public sealed class CheckInDesk
{
    private readonly ProjectDesk projects;
    private readonly DatedLedger<CheckInRow> ledger;
    private readonly TimeProvider time;

    internal CheckInDesk(ProjectDesk projects, ITenantDb<ProjectsDbContext> databases, TimeProvider time)
    {
        (this.projects, this.time) = (projects, time);
        ledger = new DatedLedger<CheckInRow>(databases, CheckInRow.Key, time);
    }

    /// <summary>Checks in for a date that has no check-in.</summary>
    /// <returns>Conflict with the value that is there: overwriting it is another use case.</returns>
    public Task<Result<CheckIn>> RecordAsync(Caller caller, ProjectId project, KeyResultId keyResult, RecordCheckIn request, CancellationToken cancellationToken) =>
        WriteAsync(caller, project, keyResult, request, mayOverwrite: false, seen: null, cancellationToken);

    /// <summary>Checks in for a date, over whatever is there.</summary>
    /// <param name="seen">The revision the caller overwrites; 0 for none, null for whatever is there.</param>
    public Task<Result<CheckIn>> OverwriteAsync(Caller caller, ProjectId project, KeyResultId keyResult, RecordCheckIn request, int? seen, CancellationToken cancellationToken) =>
        WriteAsync(caller, project, keyResult, request, mayOverwrite: true, seen, cancellationToken);

    public Task<Result<CheckIn>> WithdrawAsync(Caller caller, ProjectId project, KeyResultId keyResult, DateOnly date, int? seen, CancellationToken cancellationToken) =>
        WithKeyResultAsync(caller, project, keyResult, (state, found) => ledger.WithdrawAsync(
            caller, new LedgerPlace(state, keyResult.Value, date, seen), CheckIn.Of, (before, after) => new CheckInWithdrawn(keyResult, found.Title, CheckIn.Of(after)), cancellationToken), cancellationToken);

    /// <summary>Puts back what stood before the last change of the date.</summary>
    public Task<Result<CheckIn>> UndoAsync(Caller caller, ProjectId project, KeyResultId keyResult, DateOnly date, int? seen, CancellationToken cancellationToken) =>
        WithKeyResultAsync(caller, project, keyResult, (state, found) => ledger.UndoAsync(
            caller, new LedgerPlace(state, keyResult.Value, date, seen), CheckIn.Of,
            (before, after) => new CheckInUndone(keyResult, found.Title, date, before is null ? null : CheckIn.Of(before), after.Withdrawn ? null : CheckIn.Of(after)), cancellationToken), cancellationToken);

    /// <summary>What holds, by date.</summary>
    public async Task<Result<KeyResultCheckIns>> SeriesAsync(Caller caller, ProjectId project, KeyResultId keyResult, CancellationToken cancellationToken)
    {
        var found = (await projects.GetAsync(caller, project, cancellationToken)).Then(state => Find(state.State, keyResult));
        return found.IsOk ? new KeyResultCheckIns(found.Value, [.. (await ledger.SeriesAsync(caller, keyResult.Value, cancellationToken)).Select(CheckIn.Of)]) : found.Refusal;
    }

    /// <summary>Everything that was ever said, newest first.</summary>
    public async Task<Result<ImmutableArray<CheckIn>>> HistoryAsync(Caller caller, ProjectId project, KeyResultId keyResult, CancellationToken cancellationToken)
    {
        var found = (await projects.GetAsync(caller, project, cancellationToken)).Then(state => Find(state.State, keyResult));
        return found.IsOk ? (await ledger.HistoryAsync(caller, keyResult.Value, cancellationToken)).Select(CheckIn.Of).ToImmutableArray() : found.Refusal;
    }

    private Task<Result<CheckIn>> WriteAsync(Caller caller, ProjectId project, KeyResultId keyResult, RecordCheckIn request, bool mayOverwrite, int? seen, CancellationToken cancellationToken) =>
        WithKeyResultAsync(caller, project, keyResult, (state, found) => ledger.AppendAsync(
            caller, new LedgerPlace(state, keyResult.Value, request.Date, seen), before => request.Decide(found, before, mayOverwrite, time.GetUtcNow()), CheckIn.Of,
            (before, after) => new CheckedIn(keyResult, found.Title, request.Date, before is null ? null : CheckIn.Of(before), CheckIn.Of(after)), cancellationToken), cancellationToken);

    private async Task<Result<CheckIn>> WithKeyResultAsync(
        Caller caller, ProjectId project, KeyResultId keyResult, Func<Project, KeyResult, Task<Result<CheckIn>>> write, CancellationToken cancellationToken)
    {
        var state = await projects.ForRecordingAsync(caller, project, cancellationToken);
        if (!state.IsOk)
            return state.Refusal;
        var found = Find(state.Value, keyResult);
        return found.IsOk ? await write(state.Value, found.Value) : found.Refusal;
    }

    private static Result<KeyResult> Find(Project project, KeyResultId keyResult) =>
        project.Objectives.SelectMany(objective => objective.KeyResults).FirstOrDefault(result => result.Id == keyResult) is { } found ? found : new NotFound();
}
