using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Everyone;

/// <summary>Kinds and states in words, icons and tones.</summary>
internal static class EveryoneWords
{
    public static string Of(WorkKind kind) => kind switch
    {
        WorkKind.SignOff => "Sign off",
        WorkKind.Approval => "Release",
        WorkKind.CheckIn => "Check-in",
        WorkKind.Alert => "Alert",
        WorkKind.Task => "Task",
        WorkKind.Mention => "Mention",
        WorkKind.Job => "Job",
        WorkKind.Failure => "Failed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of work without a word."),
    };

    public static Tone ToneOf(WorkKind kind) => kind switch
    {
        WorkKind.Alert or WorkKind.Failure => Tone.Bad,
        WorkKind.SignOff or WorkKind.Approval => Tone.Warn,
        _ => Tone.Info,
    };

    public static string IconOf(WorkKind kind) => kind switch
    {
        WorkKind.SignOff => "shield",
        WorkKind.Approval => "rocket",
        WorkKind.CheckIn => "target",
        WorkKind.Alert => "warn",
        WorkKind.Mention => "person",
        WorkKind.Job => "clock",
        WorkKind.Failure => "cross",
        _ => "check",
    };

    /// <summary>The verb of the button that leads there.</summary>
    public static string Verb(WorkKind kind) => kind switch
    {
        WorkKind.SignOff => "Open checklist",
        WorkKind.Approval => "Review",
        WorkKind.CheckIn => "Check in",
        WorkKind.Alert => "See evidence",
        WorkKind.Mention => "Read",
        _ => "Open",
    };

    /// <summary>What was found or put away.</summary>
    public static string KindOf(string kind) => kind switch
    {
        "project" => "Project",
        "kpi" => "KPI",
        "objective" => "Objective",
        "dataset" => "Dataset",
        "experiment" => "Experiment",
        "model" => "Model",
        "endpoint" or "deployment" => "Endpoint",
        _ => kind,
    };

    public static string IconOf(string kind) => kind switch
    {
        "project" => "portfolio",
        "kpi" or "objective" => "target",
        "dataset" => "data",
        "experiment" => "flask",
        "model" or "modelVersion" => "model",
        "endpoint" or "deployment" or "release" => "rocket",
        "mention" => "person",
        "signOff" or "approval" or "decision" => "shield",
        "alert" => "warn",
        "job" => "clock",
        _ => "info",
    };

    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "waiting",
        JobState.Running => "running",
        JobState.Succeeded => "done",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a word."),
    };

    public static Tone ToneOf(JobState state) => state switch
    {
        JobState.Succeeded => Tone.Ok,
        JobState.Failed => Tone.Bad,
        JobState.Cancelled => Tone.Warn,
        JobState.Running => Tone.Info,
        _ => Tone.Neutral,
    };

    /// <summary>A step's code in words: <c>read_rows</c> is "read rows".</summary>
    public static string Step(string? step) => step is null ? "" : step[(step.LastIndexOf('.') + 1)..].Replace('_', ' ').Replace('-', ' ');

    /// <summary>What is left at the pace so far; null while there is none.</summary>
    public static TimeSpan? Left(JobView job, DateTimeOffset now) =>
        job is { State: JobState.Running, StartedAt: { } started, Progress: > 0.02 and < 1 } ? (now - started) * ((1 - job.Progress) / job.Progress) : null;

    public static string Note(JobView job, DateTimeOffset now)
    {
        if (job.State == JobState.Queued)
            return job.Step is null ? "waiting for a free place" : Step(job.Step);
        if (job.Cancelling)
            return "being stopped";
        var share = Numbers.Percent(job.Progress, 0);
        return Left(job, now) is { } left ? $"{share} · {Numbers.Duration(left)} left" : share;
    }
}
