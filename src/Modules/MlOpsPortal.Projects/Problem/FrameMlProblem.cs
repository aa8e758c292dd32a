using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects.Problem;

public enum MlTask
{
    Binary,
    Multiclass,
    Regression,
}

/// <summary>The business problem as something a model can answer.</summary>
/// <param name="Target">The column that is predicted.</param>
/// <param name="UnitOfPrediction">One prediction is about one of these: a consumer and an offer, a loan, an hour.</param>
/// <param name="Horizon">How far ahead the answer looks.</param>
/// <param name="Decision">What is done with the answer.</param>
public sealed record MlProblem(MlTask Task, string Target, string UnitOfPrediction, string Horizon, string Decision);

/// <summary>Frames the problem for machine learning, or frames it anew.</summary>
public sealed record FrameMlProblem(MlTask Task, string Target, string UnitOfPrediction, string? Horizon, string Decision) : BusinessCommand
{
    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        faults.Text("target", Target, 200).Text("unitOfPrediction", UnitOfPrediction, 500).OptionalText("horizon", Horizon, 200).Text("decision", Decision, 1000);
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = new MlProblem(Task, Target.Trim(), UnitOfPrediction.Trim(), Horizon?.Trim() ?? "", Decision.Trim());
        return Change.To(project with { MlProblem = after }, new MlProblemFramed(project.MlProblem, after));
    }
}
