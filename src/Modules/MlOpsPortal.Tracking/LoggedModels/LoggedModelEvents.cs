using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Tracking.LoggedModels;

internal sealed record LoggedModelDeleted(string Name) : DomainEvent("logged_model.deleted");

internal sealed record LoggedModelRestored(string Name) : DomainEvent("logged_model.restored");
