using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Tracking;

public sealed record ExperimentCreated(string Name) : DomainEvent("experiment.created");

public sealed record ExperimentRenamed(string Before, string After) : DomainEvent("experiment.renamed");

/// <param name="Runs">How many of its runs were not deleted before.</param>
/// <param name="Until">Until then it can be restored.</param>
public sealed record ExperimentDeleted(long Runs, DateTimeOffset Until) : DomainEvent("experiment.deleted");

public sealed record ExperimentRestored() : DomainEvent("experiment.restored");

public sealed record ExperimentMoved(ProjectId From, ProjectId To) : DomainEvent("experiment.moved");

/// <param name="Metrics">Points of its histories.</param>
/// <param name="Until">Until then it can be restored.</param>
public sealed record RunDeleted(string Experiment, int Params, int Tags, int Metrics, DateTimeOffset Until) : DomainEvent("run.deleted");

public sealed record RunRestored(string Experiment) : DomainEvent("run.restored");
