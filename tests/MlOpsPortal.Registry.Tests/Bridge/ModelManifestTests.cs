using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Registry.Bridge;

public sealed class ModelManifestTests
{
    private const string Onnx = """
        artifact_path: mlflow-artifacts:/0/models/m-1/artifacts
        flavors:
          onnx:
            code: null
            data: model.onnx
            onnx_version: 1.12.0
            providers:
            - CUDAExecutionProvider
            - CPUExecutionProvider
          python_function:
            data: model.onnx
            env:
              conda: conda.yaml
            loader_module: mlflow.onnx
            python_version: 3.11.2
        mlflow_version: 3.17.2
        prompts: null
        run_id: d66f584e55b543deb701e29ed213551a
        signature:
          inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
            "double", "name": "it''s", "required": false}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}, "name": "label"}]'
          params: null
        utc_time_created: '2026-11-21 06:41:46.710061'
        """;

    [Fact]
    public void Flavours_signature_and_the_file_are_read()
    {
        var manifest = ManifestReader.Parse(Onnx).ShouldNotBeNull();

        manifest.Flavors.ShouldBe(["onnx", "python_function"]);
        (manifest.OnnxData, manifest.Loader, manifest.MlflowVersion, manifest.CreatedAt).ShouldBe(("model.onnx", "mlflow.onnx", "3.17.2", "2026-11-21 06:41:46.710061"));
        manifest.Inputs!.Value.Select(field => (field.Name, field.Type, field.Required)).ShouldBe([("sepal length (cm)", "double", true), ("it's", "double", false)]);
        manifest.Outputs!.Value.ShouldHaveSingleItem().Type.ShouldBe("int64 (-1)");
        manifest.Parameters.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("flavors: 3")]
    [InlineData("flavors: &a {x: 1}\nother: *a")]
    [InlineData("flavors:\n  x: !!python/object:os.system ls")]
    [InlineData("flavors:\n\tx: 1")]
    [InlineData("flavors: {x: [1, 2}")]
    [InlineData("flavors: 'open")]
    public void What_is_no_such_file_is_nothing(string text) => ManifestReader.Parse(text).ShouldBeNull();

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        YamlSubset.Read(new string('[', 10_000)).ShouldBeNull();
        YamlSubset.Read(string.Concat(Enumerable.Range(0, 200).Select(level => new string(' ', level) + "a:\n"))).ShouldBeNull();
        YamlSubset.Read(new string('a', YamlSubset.MaxLength + 1)).ShouldBeNull();
    }

    [Fact]
    public void Whatever_is_written_is_read_or_refused()
    {
        var random = new Random(7);
        string[] pieces = ["a", ": ", "- ", "\n", "  ", "'", "\"", "{", "}", "[", "]", ",", "|", ">", "#", "&x", "*x", "!t", "\\u00", "null", "\t", "---", "é"];
        for (var round = 0; round < 50_000; round++)
            _ = YamlSubset.Read(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)])));
    }

    [Theory]
    [InlineData("a: |\n  one\n    two\nb: 1", "one\n  two")]
    [InlineData("a: \"x\\u00e9\\n\"\nb: 1", "xé\n")]
    [InlineData("a: {k: [1, 'two, three']}\nb: 1", null)]
    public void Texts_keep_their_form(string yaml, string? text)
    {
        var read = YamlSubset.Read(yaml).ShouldNotBeNull();

        read.Get("b")!.Scalar.ShouldBe("1");
        if (text is not null)
            read.Get("a").ShouldBe(new YamlNode.Text(text));
        else
            read.Get("a")!.Get("k").ShouldBeOfType<YamlNode.List>().Items.Select(item => item.Scalar).ShouldBe(["1", "two, three"]);
    }

    [Fact]
    public void The_task_is_said_or_framed_or_read_from_the_outputs()
    {
        static ModelField Output(string type, params long[] shape) => new("out", type, true, [.. shape]);

        TaskGuess.Of("Regression", MlTask.Binary, null).ShouldBe(MlTask.Regression);
        TaskGuess.Of(null, MlTask.Multiclass, [Output("float32", -1)]).ShouldBe(MlTask.Multiclass);
        TaskGuess.Of("nonsense", null, [Output("float32 (-1)", -1)]).ShouldBe(MlTask.Regression);
        TaskGuess.Of(null, null, [Output("int64 (-1)", -1), Output("float32", -1, 2)]).ShouldBe(MlTask.Binary);
        TaskGuess.Of(null, null, [Output("float32", -1, 3)]).ShouldBe(MlTask.Multiclass);
        TaskGuess.Of(null, null, null).ShouldBeNull();
    }
}
