using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Search;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>An experiment in the list, with how much is in it.</summary>
public sealed record ExperimentSummary(Experiment Experiment, ExperimentSize? Size)
{
    private const int NoteLength = 160;

    public ExperimentId Id => Experiment.Id;

    public ProjectId Project => Experiment.Project;

    public string Name => Experiment.Name;

    /// <summary>The beginning of its description; null without one.</summary>
    public string? Note => Experiment.Tags.FirstOrDefault(tag => tag.Key == NoteCard.Tag).Value is { Length: > 0 } note ? note.Length > NoteLength ? note[..NoteLength] + "…" : note : null;

    public string Runs => Size is null ? "–" : Size.IsMore ? $"{Kit.Numbers.Count(ExperimentSize.Most)}+" : Kit.Numbers.Count(Size.Runs);

    public DateTimeOffset? LastRunAt => Size?.LastStart is { } start ? RunRow.At(start) : null;

    /// <summary>The search for a part of a name: quotes in it are doubled, and it holds no more than what is typed.</summary>
    public static string? Filter(string? part) => string.IsNullOrWhiteSpace(part) ? null : $"name ILIKE '%{part.Trim().Replace("'", "''", StringComparison.Ordinal)}%'";
}
