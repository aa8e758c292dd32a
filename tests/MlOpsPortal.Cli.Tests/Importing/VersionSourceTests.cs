using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

public sealed class VersionSourceTests
{
    private const string Run = "0123456789abcdef0123456789abcdef";
    private const string Model = "m-0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("mlflow-artifacts:/7/" + Run + "/artifacts/my model", "mlflow-artifacts:/new/run/artifacts/my model", "new-run", null)]
    [InlineData("s3://bucket/deep/7/" + Run + "/artifacts", "mlflow-artifacts:/new/run/artifacts", "new-run", null)]
    [InlineData("runs:/" + Run + "/model", "mlflow-artifacts:/new/run/artifacts/model", "new-run", null)]
    [InlineData("models:/" + Model, "models:/new-model", "new-run", "new-model")]
    [InlineData("mlflow-artifacts:/7/models/" + Model + "/artifacts", "models:/new-model", "new-run", "new-model")]
    public void A_source_is_said_in_the_targets_words(string source, string uri, string? runId, string? modelId) =>
        Of(source).ShouldBeOfType<VersionSource.At>().ShouldSatisfyAllConditions(
            at => (at.Uri, at.RunId, at.ModelId).ShouldBe((uri, runId, modelId)), at => at.Empty.ShouldBe(modelId is null ? "mlflow-artifacts:/new/run/artifacts/no-files" : "mlflow-artifacts:/new/model/artifacts/no-files"));

    [Fact]
    public void A_copy_of_a_version_waits_until_that_is_there()
    {
        Of("models:/churn/3").ShouldBe(new VersionSource.Later("churn", 3));
        Of("models:/churn/3", _ => ("churn (imported)", new HashSet<int> { 3 })).ShouldBe(new VersionSource.At("models:/churn (imported)/3", null, null));
    }

    [Theory]
    [InlineData("mlflow-artifacts:/7/other/artifacts/model", "outside its run")]
    [InlineData("models:/m-ffffffffffffffffffffffffffffffff", "not at the source any more")]
    [InlineData("models:/churn/Production", "names no version")]
    [InlineData("mlflow-artifacts:/7/" + Run + "/artifacts-of-another/model", "outside its run")]
    public void What_was_not_imported_has_a_reason(string source, string reason) => Of(source).ShouldBeOfType<VersionSource.Unknown>().Reason.ShouldContain(reason);

    private static VersionSource Of(string source, Func<string, (string, IReadOnlySet<int>)?>? named = null)
    {
        var references = new References();
        references.Add(Run, new TargetRun(new Run { Info = new RunInfo { RunId = "new-run", ArtifactUri = "mlflow-artifacts:/new/run/artifacts" } }, isNew: true));
        references.Add(Model, new LoggedModel { Info = new LoggedModelInfo { ModelId = "new-model", ArtifactUri = "mlflow-artifacts:/new/model/artifacts" } });
        return VersionSource.Of(new ModelVersion { Source = source, RunId = Run }, references, named ?? (_ => null));
    }
}
