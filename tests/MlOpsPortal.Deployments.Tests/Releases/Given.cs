using System.Collections.Immutable;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Tests.Releases;

/// <summary>Deployments as they come to be, without a portal.</summary>
internal static class Given
{
    public static readonly Facts Facts = new(TestPortal.Caller, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly ModelId Model = new(Guid.CreateVersion7());

    public static Deployment Deployment(ReleaseEnvironment environment = ReleaseEnvironment.Sandbox) => new CreateDeployment(
        new DeploymentId(Guid.CreateVersion7()), TestModel.Project, "offers", environment, Model, null, null).Decide(null, Facts).Required().State;

    public static ServableVersion Version(int number) => ServableVersion.Of(TestModels.Adding(number).Servable(number, Model));

    public static ReleaseApproval Approval(ServableVersion version, bool ownRequest = false)
    {
        var asks = new Person(new UserId(Guid.CreateVersion7()), "Ada");
        return new ReleaseApproval(
            new ReleaseRequestId(Guid.CreateVersion7()), version.Id, ReleaseEnvironment.Production, asks, ownRequest ? asks : new Person(new UserId(Guid.CreateVersion7()), "Rita"), Facts.Now, "fine",
            version.File?.Sha256, version.Contract.Hash(), "e");
    }

    public static Deployment Do(this Deployment deployment, DeploymentCommand command) => command.Decide(deployment, Facts).Required().State;

    /// <summary>Releases a version and says it is live.</summary>
    public static Deployment Live(this Deployment deployment, ServableVersion version, ReleaseApproval? approval = null)
    {
        var loading = deployment.Do(new ReleaseVersion(new ReleaseId(Guid.CreateVersion7()), version, approval));
        return loading.Do(new GoLive(loading.Loading!.Id));
    }

    public static ReleaseVersion Release(ServableVersion version, ReleaseApproval? approval = null) => new(new ReleaseId(Guid.CreateVersion7()), version, approval);

    public static ImmutableArray<string> Codes(this Platform.Errors.Refusal? refusal) =>
        refusal is Platform.Errors.Validation { Fields: { IsDefaultOrEmpty: false } fields } ? [.. fields.Select(fault => $"{fault.Field}: {fault.Code}")] : [refusal?.Code ?? "accepted"];
}
