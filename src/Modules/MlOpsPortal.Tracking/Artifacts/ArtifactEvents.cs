using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Tracking.Artifacts;

/// <param name="Path">The file or folder; empty for all of a run's or model's artifacts.</param>
internal sealed record ArtifactsDeleted(string Path, int Files, long Bytes) : DomainEvent("run.artifacts_deleted");

/// <param name="Path">The file or folder; empty for all of a run's or model's artifacts.</param>
internal sealed record ArtifactsRestored(string Path, int Files, long Bytes) : DomainEvent("run.artifacts_restored");
