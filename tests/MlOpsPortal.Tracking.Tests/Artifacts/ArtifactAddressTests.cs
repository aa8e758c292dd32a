namespace MlOpsPortal.Tracking.Artifacts;

public sealed class ArtifactAddressTests
{
    private static readonly RunId Run = new(Guid.CreateVersion7());
    private static readonly LoggedModelId Model = new(Guid.CreateVersion7());

    [Fact]
    public void A_runs_and_a_models_keys_are_told_apart()
    {
        var ofRun = ArtifactAddress.Of(ArtifactPath.Parse($"0/{Run}/artifacts/model/MLmodel")!.Value).ShouldNotBeNull();
        ofRun.Owner.ShouldBe(ArtifactOwner.Of(Run));
        ofRun.Path.Text.ShouldBe("model/MLmodel");
        ofRun.Location.ShouldBe("0");

        var ofModel = ArtifactAddress.Of(ArtifactPath.Parse($"0/models/{Model}/artifacts")!.Value).ShouldNotBeNull();
        ofModel.Owner.ShouldBe(ArtifactOwner.Of(Model));
        ofModel.Path.IsRoot.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/{run}")]
    [InlineData("0/{run}/files/x")]
    [InlineData("0/{model}/artifacts/x")]
    [InlineData("0/models/{run-of-model}/artifacts/x")]
    [InlineData("0/traces/tr-1/artifacts/traces.json")]
    public void Other_keys_lead_nowhere(string key)
    {
        var text = key.Replace("{run}", Run.ToString(), StringComparison.Ordinal).Replace("{model}", Model.ToString(), StringComparison.Ordinal).Replace("{run-of-model}", "m-1", StringComparison.Ordinal);

        ArtifactAddress.Of(ArtifactPath.Parse(text)!.Value).ShouldBeNull();
    }

    [Theory]
    [InlineData("mlflow-artifacts:/0/{run}/artifacts/model#/../../etc")]
    [InlineData("mlflow-artifacts:/0/{run}/artifacts/model?x")]
    [InlineData("mlflow-artifacts:/0/{run}/artifacts/model;p")]
    [InlineData("mlflow-artifacts:/0/{run}/artifacts/%2e%2e/x")]
    [InlineData("mlflow-artifacts:/0/{run}/artifacts/../x")]
    [InlineData("mlflow-artifacts://host/0/{run}/artifacts/model")]
    [InlineData("mlflow-artifacts:0/{run}/artifacts/model")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:/0/{run}/artifacts/model")]
    [InlineData("s3://bucket/0/{run}/artifacts/model")]
    [InlineData("dbfs:/0/{run}/artifacts/model")]
    [InlineData("/0/{run}/artifacts/model")]
    [InlineData("C:/0/{run}/artifacts/model")]
    [InlineData("//host/0/{run}/artifacts/model")]
    [InlineData("0/{run}/artifacts/model")]
    public void A_uri_that_hides_a_part_of_its_path_is_none_of_ours(string uri) => ArtifactAddress.OfUri(uri.Replace("{run}", Run.ToString(), StringComparison.Ordinal)).ShouldBeNull();

    [Fact]
    public void The_uri_that_a_client_was_told_is_found_again()
    {
        var root = ArtifactAddress.RootUri("mlflow-artifacts:/0", ArtifactOwner.Of(Model));

        root.ShouldBe($"mlflow-artifacts:/0/models/{Model}/artifacts");
        ArtifactAddress.OfUri(root)?.Owner.ShouldBe(ArtifactOwner.Of(Model));
        ArtifactAddress.OfUri(ArtifactAddress.RootUri("mlflow-artifacts:/0", ArtifactOwner.Of(Run)) + "/model/")?.Path.Text.ShouldBe("model");
    }
}
