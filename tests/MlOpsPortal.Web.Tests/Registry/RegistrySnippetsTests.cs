using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Web.Components.Pages.Registry;

namespace MlOpsPortal.Web.Registry;

public sealed class RegistrySnippetsTests
{
    private const string Files = "mlflow-artifacts:/7/models/m-1/artifacts";
    private static readonly Uri Page = new("https://portal.example/t/acme/registry/models/x");

    [Fact]
    public void Snippets_bear_the_address_and_quote_the_name()
    {
        var snippets = Of(Version("it's \"x\""), "champion", null);

        snippets["Python"].ShouldContain("set_tracking_uri(\"https://portal.example/t/acme\")");
        snippets["Python"].ShouldContain("load_model(\"models:/it's \\\"x\\\"@champion\")");
        snippets["curl"].ShouldContain("version=3");
        snippets["CLI"].ShouldContain("'models:/it'\\''s \"x\"@champion'");
    }

    [Fact]
    public void A_model_with_an_input_example_is_asked_with_it()
    {
        var asked = Of(Version("x"), null, Folder("model.onnx") with { Manifest = Manifest with { InputExample = "[[1]]" } })["Python"];

        asked.ShouldContain("load_model(\"models:/x/3\")");
        asked.ShouldContain("model.predict(model.input_example)");
        Of(Version("x"), null, Folder("model.onnx"))["Python"].ShouldContain("a table with the columns age, days");
    }

    [Fact]
    public void What_Python_cannot_load_is_downloaded() =>
        Of(Version("x") with { Flavors = [] }, null, null)["Python"].ShouldContain("download_artifacts(\"models:/x/3\")");

    [Theory]
    [InlineData(Files, "data/my model.onnx", 2, "artifacts/7/models/m-1/artifacts/data/my%20model.onnx")]
    [InlineData(Files + "/model.onnx", "model.onnx", 1, "artifacts/7/models/m-1/artifacts/model.onnx\"")]
    public void The_file_that_matters_is_fetched_from_where_it_is(string files, string onnx, int count, string address) =>
        Of(Version("x") with { Files = files }, null, Folder(onnx) with { Files = count })["C#"].ShouldContain("https://portal.example/t/acme/api/2.0/mlflow-artifacts/" + address);

    [Fact]
    public void A_token_that_is_set_is_not_overwritten()
    {
        foreach (var (title, text) in Of(Version("x"), null, Folder("model.onnx")))
            foreach (var line in text.Split('\n').Where(line => line.Contains("MLFLOW_TRACKING_TOKEN=", StringComparison.Ordinal)))
                line.ShouldStartWith(title == "C#" ? "//" : "#");
    }

    private static ModelManifest Manifest => new(["onnx", "python_function"], "model.onnx", "3.17.2", null, null, "mlflow.onnx", [new("age", "double", true, null), new("days", "long", true, null)], null, null);

    private static ModelFolder Folder(string onnx) => new(default, "x", Manifest, 5, 100, onnx);

    private static RegisteredVersion Version(string name) => new(
        default, default, name, 3, null, ModelStage.None, "models:/m-1", Files, Files, null, "m-1", null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "Ada", [], [], null, 5, 100,
        ["onnx", "python_function"], null);

    private static Dictionary<string, string> Of(RegisteredVersion version, string? alias, ModelFolder? folder) =>
        RegistrySnippets.Of(Page, "acme", version, alias, folder).ToDictionary(snippet => snippet.Title, snippet => snippet.Text, StringComparer.Ordinal);
}
