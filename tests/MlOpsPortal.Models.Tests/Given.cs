using System.Collections.Immutable;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Admission;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Tests;

/// <summary>Models in a state, for decisions.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly TenantId Tenant = new(Guid.CreateVersion7());
    public static readonly Caller Ada = new(Tenant, new UserId(Guid.CreateVersion7()), "Ada");
    public static readonly Caller Bo = new(Tenant, new UserId(Guid.CreateVersion7()), "Bo");
    public static readonly VersionRef Dataset = new(new DatasetId(Guid.CreateVersion7()), 1);

    /// <summary>A float tensor [n,2] in, a label and probabilities [n,2] out.</summary>
    public static readonly ModelSignature Signature = new(
        [new ModelValue("input", OnnxValueKind.Tensor, OnnxElementType.Float, [-1, 2], 2, [])],
        [
            new ModelValue("label", OnnxValueKind.Tensor, OnnxElementType.Int64, [-1], 1, []),
            new ModelValue("probabilities", OnnxValueKind.Tensor, OnnxElementType.Float, [-1, 2], 2, []),
        ],
        ImmutableSortedDictionary<string, long>.Empty.Add("ai.onnx", 19), "tests", 100, "aa");

    public static readonly ModelContract Contract = new(
        MlTask.Binary, "bought", "1", new ContractOutput("probabilities", 1, null),
        [new ContractFeature("age", FeatureType.Number, true, "input", 0), new ContractFeature("price", FeatureType.Number, false, "input", 1)], 0.5);

    public static Model Empty(MlTask task = MlTask.Binary) => new()
    {
        Id = new ModelId(Guid.CreateVersion7()),
        Project = new ProjectId(Guid.CreateVersion7()),
        Name = "response",
        Description = "",
        Task = task,
        CreatedBy = Person.Of(Ada),
    };

    public static Model Uploaded(bool withPredictions = false) => Empty().After(NewVersion(withPredictions));

    public static Model Admitted(bool withPredictions = false)
    {
        var model = Uploaded(withPredictions);
        return model.After(new RecordAdmission(model.Versions[0].Id, Signature, null));
    }

    public static Model Ready(bool withPredictions = false)
    {
        var model = Admitted(withPredictions);
        return model.After(new ConfirmContract(model.Versions[0].Id, Contract));
    }

    public static AddVersion NewVersion(bool withPredictions = false) => new(
        new ModelVersionId(Guid.CreateVersion7()), Blob("model.onnx"), Lineage.NotGiven, withPredictions ? new TakenPredictions(Blob("native.csv"), Dataset) : null);

    public static ReleaseEvidence Evidence(Model model) => ReleaseEvidence.Of(
        model.Versions[0], [new EvaluationEvidence(new EvaluationId(Guid.CreateVersion7()), Dataset, "offers test v1", 100, "roc_auc", 0.8, 0.7, 0.9, "cc")]);

    public static Result<Change<T>> By<T>(this T? state, Caller caller, Command<T> command)
        where T : class => command.Decide(state, new Facts(caller, Now));

    public static T After<T>(this T state, Command<T> command)
        where T : class => state.By(Ada, command).Required().State;

    private static TakenBlob Blob(string name) => new(new StoredFile(new BlobId(Guid.CreateVersion7()), name, 100, "aa"), "model");
}
