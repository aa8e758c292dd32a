using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Suitability;
using MlOpsPortal.Projects.Templates;

namespace MlOpsPortal.Projects;

public sealed record ProjectCreated(string Name, string Summary, ProjectTemplate Template) : DomainEvent("project.created");

public sealed record ProjectDescribed(string NameBefore, string Name, string SummaryBefore, string Summary) : DomainEvent("project.described");

public sealed record ProjectArchived(string Reason) : DomainEvent("project.archived");

public sealed record ProjectRestored() : DomainEvent("project.restored");

public sealed record ProblemStated(ProblemStatement? Before, ProblemStatement After) : DomainEvent("project.problem_stated");

public sealed record MlProblemFramed(MlProblem? Before, MlProblem After) : DomainEvent("project.ml_problem_framed");

public sealed record SuitabilityReviewed(SuitabilityReview? Before, SuitabilityReview After) : DomainEvent("project.suitability_reviewed");

public sealed record ObjectiveSet(Objective? Before, Objective After) : DomainEvent("project.objective_set");

public sealed record ObjectiveRemoved(Objective Before) : DomainEvent("project.objective_removed");

public sealed record KpiDefined(Kpi? Before, Kpi After) : DomainEvent("project.kpi_defined");

public sealed record KpiRemoved(Kpi Before) : DomainEvent("project.kpi_removed");

/// <param name="Before">The value of that date until then; null when there was none.</param>
public sealed record KpiValueRecorded(KpiId Kpi, string Name, DateOnly Date, decimal? Before, decimal After, string Note) : DomainEvent("project.kpi_value_recorded");

public sealed record KpiValueWithdrawn(KpiId Kpi, string Name, DateOnly Date, decimal Before) : DomainEvent("project.kpi_value_withdrawn");

public sealed record KpiValueUndone(KpiId Kpi, string Name, DateOnly Date, decimal? Before, decimal? After) : DomainEvent("project.kpi_value_undone");

/// <param name="Values">How many values are new or changed.</param>
public sealed record KpiMeasured(KpiId Kpi, string Name, int Values, DateOnly From, DateOnly To) : DomainEvent("project.kpi_measured");

public sealed record CheckedIn(KeyResultId KeyResult, string Title, DateOnly Date, CheckIn? Before, CheckIn After) : DomainEvent("project.checked_in");

public sealed record CheckInWithdrawn(KeyResultId KeyResult, string Title, CheckIn Before) : DomainEvent("project.check_in_withdrawn");

public sealed record CheckInUndone(KeyResultId KeyResult, string Title, DateOnly Date, CheckIn? Before, CheckIn? After) : DomainEvent("project.check_in_undone");

public sealed record StageOpened(Stage Stage) : DomainEvent("project.stage_opened");

public sealed record StageSignedOff(Stage Stage, string Comment) : DomainEvent("project.stage_signed_off");

/// <param name="From">Who asks.</param>
/// <param name="To">Who is asked.</param>
public sealed record StageSentBack(StageTaskId Task, Stage From, Stage To, string Request, Occasion? Occasion) : DomainEvent("project.sent_back");

public sealed record StageTaskTaken(StageTaskId Task, Stage Stage, string? Before, string By) : DomainEvent("project.task_taken");

public sealed record StageTaskFinished(StageTaskId Task, Stage Stage, string Note) : DomainEvent("project.task_finished");

public sealed record StageReopened(Stage Stage, string Reason) : DomainEvent("project.stage_reopened");
