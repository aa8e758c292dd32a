using System.Collections.Immutable;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects.Suitability;

public enum Answer
{
    Yes,
    No,
    Unsure,
}

public enum SuitabilityDecision
{
    /// <summary>Machine learning suits the problem.</summary>
    Go,

    /// <summary>Ship the heuristic, measure, come back.</summary>
    HeuristicFirst,

    /// <summary>Machine learning does not suit it.</summary>
    Stop,
}

/// <summary>One answer of the checklist, with what it rests on.</summary>
/// <param name="Question">A code of <see cref="SuitabilityQuestions"/>.</param>
public sealed record SuitabilityAnswer(string Question, Answer Answer, string Evidence);

/// <summary>Whether machine learning suits the problem, what it must beat, and what errors cost.</summary>
/// <param name="Heuristic">What one would do without a model: the baseline of every comparison.</param>
/// <param name="HeuristicColumn">The column whose share of positives is the heuristic's score ("send the most popular offer": category); null when it cannot be computed so.</param>
/// <param name="CostOfFalsePositive">Cost of acting wrongly, in <paramref name="Currency"/> per case, 0 or more.</param>
/// <param name="CostOfFalseNegative">Cost of not acting wrongly.</param>
public sealed record SuitabilityReview(
    ImmutableArray<SuitabilityAnswer> Answers, string Heuristic, string? HeuristicColumn, decimal CostOfFalsePositive, decimal CostOfFalseNegative, string Currency,
    SuitabilityDecision Decision, string Note);

/// <summary>The checklist, after Google's Rules of ML and the People + AI guidebook. Texts are resources by code.</summary>
public static class SuitabilityQuestions
{
    public static readonly ImmutableArray<string> All =
    [
        "metric_first", "heuristic_not_enough", "pattern_in_data", "labels_available", "prediction_actionable", "errors_tolerable", "fresh_enough", "silent_failure_seen",
    ];
}

/// <summary>Records the suitability review, or records it anew.</summary>
public sealed record ReviewSuitability(
    ImmutableArray<SuitabilityAnswer> Answers, string Heuristic, string? HeuristicColumn, decimal CostOfFalsePositive, decimal CostOfFalseNegative, string Currency,
    SuitabilityDecision Decision, string? Note) : BusinessCommand
{
    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        var answers = Answers.IsDefault ? [] : Answers;
        faults.Text("heuristic", Heuristic, 1000).OptionalText("heuristicColumn", HeuristicColumn, 200).OptionalText("note", Note, 2000)
            .When(CostOfFalsePositive < 0, "costOfFalsePositive", "projects.negative")
            .When(CostOfFalseNegative < 0, "costOfFalseNegative", "projects.negative")
            .When(Currency is not { Length: 3 }, "currency", "projects.currency")
            .When(SuitabilityQuestions.All.Except(answers.Select(answer => answer.Question), StringComparer.Ordinal).Any(), "answers", "projects.answers_missing")
            .When(answers.Any(answer => !SuitabilityQuestions.All.Contains(answer.Question, StringComparer.Ordinal)), "answers", "projects.unknown_question")
            .When(answers.Select(answer => answer.Question).Distinct(StringComparer.Ordinal).Count() != answers.Length, "answers", "projects.answered_twice");
        foreach (var answer in answers)
            faults.OptionalText($"answers[{answer.Question}].evidence", answer.Evidence, 1000);
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = new SuitabilityReview(
            answers, Heuristic.Trim(), string.IsNullOrWhiteSpace(HeuristicColumn) ? null : HeuristicColumn.Trim(), CostOfFalsePositive, CostOfFalseNegative,
            Currency.ToUpperInvariant(), Decision, Note?.Trim() ?? "");
        return Change.To(project with { Suitability = after }, new SuitabilityReviewed(project.Suitability, after));
    }
}
