using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class TrackingErrors
{
    public static NotFound NoExperiment(string id) => new("tracking.experiment_not_found", id);

    public static NotFound NoRun(string id) => new("tracking.run_not_found", id);
}
