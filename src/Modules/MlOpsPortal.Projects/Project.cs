using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Suitability;

namespace MlOpsPortal.Projects;

/// <summary>Everything stage 1 says about a project, and where each stage stands.</summary>
public sealed record Project
{
    public required ProjectId Id { get; init; }
    public required string Name { get; init; }

    /// <summary>One sentence: what the project does for whom.</summary>
    public required string Summary { get; init; }
    public required UserId CreatedBy { get; init; }
    public ProblemStatement? Problem { get; init; }
    public ImmutableArray<Objective> Objectives { get; init; } = [];
    public ImmutableArray<Kpi> Kpis { get; init; } = [];
    public SuitabilityReview? Suitability { get; init; }
    public MlProblem? MlProblem { get; init; }

    /// <summary>Five, in order.</summary>
    public ImmutableArray<StageRecord> Stages { get; init; } = StageRecord.AtStart;

    /// <summary>What later stages asked of earlier ones, oldest first: all that are open, and the latest that are done.</summary>
    public ImmutableArray<StageTask> Tasks { get; init; } = [];
    public DateTimeOffset? ArchivedAt { get; init; }

    public StageRecord StageOf(Stage stage) => Stages[(int)stage - 1];

    public Project With(StageRecord record) => this with { Stages = Stages.SetItem((int)record.Stage - 1, record) };

    /// <summary>The furthest stage that is open or signed off.</summary>
    public Stage CurrentStage => Stages.Where(record => record.State == StageState.Open).Select(record => record.Stage).DefaultIfEmpty(Stage.ModelMonitoring).Min();
}
