using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Suitability;

namespace MlOpsPortal.Projects;

public sealed record ProjectCreated(string Name, string Summary) : DomainEvent("project.created");

public sealed record ProjectDescribed(string NameBefore, string Name, string SummaryBefore, string Summary) : DomainEvent("project.described");

public sealed record ProjectArchived(string Reason) : DomainEvent("project.archived");

public sealed record ProblemStated(ProblemStatement? Before, ProblemStatement After) : DomainEvent("project.problem_stated");

public sealed record MlProblemFramed(MlProblem? Before, MlProblem After) : DomainEvent("project.ml_problem_framed");

public sealed record SuitabilityReviewed(SuitabilityReview? Before, SuitabilityReview After) : DomainEvent("project.suitability_reviewed");

public sealed record ObjectiveSet(Objective? Before, Objective After) : DomainEvent("project.objective_set");

public sealed record ObjectiveRemoved(Objective Before) : DomainEvent("project.objective_removed");

public sealed record KpiDefined(Kpi? Before, Kpi After) : DomainEvent("project.kpi_defined");

public sealed record KpiRemoved(Kpi Before) : DomainEvent("project.kpi_removed");

public sealed record StageOpened(Stage Stage) : DomainEvent("project.stage_opened");

public sealed record StageSignedOff(Stage Stage, string Comment) : DomainEvent("project.stage_signed_off");

public sealed record StageReopened(Stage Stage, string Reason) : DomainEvent("project.stage_reopened");
