using System.Globalization;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Aliases;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Web.Demo;

/// <summary>The three classifiers of stage 3 as their makers logged them: a run each with its ONNX file and what the portal measured, registered under the portal model's
/// name. The portal finds the same file in its own model and links the two; the approved one holds the alias.</summary>
internal sealed class RetailRegistry(DemoRuns runs, DemoFiles files, ModelDesk models, EvaluationDesk evaluations, ArtifactDesk artifacts, RegistryDesk registry, VersionDesk versions, AliasDesk aliases, TimeProvider time)
{
    private const string Experiment = "response_model: candidates";
    private const string Folder = "model";

    public async Task RegisterAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, ModelId id, string samples, CancellationToken cancellationToken)
    {
        var scientist = people[Role.DataScientist];
        var model = (await models.GetAsync(scientist, id, cancellationToken)).Required().State;
        var experiment = await runs.EnsureExperimentAsync(scientist, project, Experiment, "The models that were brought to an approval, with what the portal measured on the test quarter.", cancellationToken);
        if (!(await registry.GetAsync(scientist, model.Name, cancellationToken)).IsOk)
            (await registry.CreateAsync(scientist, model.Name, [KeyValuePair.Create(RegistryDesk.ProjectTag, project.ToString())], model.Description, cancellationToken)).Required();
        var done = await runs.OfAsync(scientist, experiment, cancellationToken);
        foreach (var version in model.Versions)
        {
            var name = Path.GetFileNameWithoutExtension(version.File!.Name); // each came with its file
            var run = done.FirstOrDefault(known => known.Info.Name == name && known.Info.Status == RunStatus.Finished)?.Info ?? await LogAsync(scientist, experiment, model, version, name, samples, cancellationToken);
            if (!(await versions.GetAsync(scientist, model.Name, Text(version.Number), cancellationToken)).IsOk)
                (await versions.CreateAsync(scientist, new NewRegisteredVersion(model.Name, $"runs:/{run.Id}/{Folder}", run.Id.ToString(), null, [], null, null), cancellationToken)).Required();
            await files.UntilAsync(
                $"registered version {version.Number} of {model.Name}", async () => (await versions.GetAsync(scientist, model.Name, Text(version.Number), cancellationToken)).Required(),
                found => found.Portal is not null, cancellationToken);
        }

        // The last one is approved for production: its alias moves without anybody being asked.
        (await aliases.SetAsync(scientist, model.Name, "challenger", Text(model.Versions[0].Number), cancellationToken)).Required();
        (await aliases.SetAsync(scientist, model.Name, "champion", Text(model.Versions[^1].Number), cancellationToken)).Required();
    }

    private async Task<RunInfo> LogAsync(Caller scientist, string experiment, Model model, ModelVersion version, string name, string samples, CancellationToken cancellationToken)
    {
        var run = await runs.StartAsync(scientist, experiment, name, "response_model/train.py", [], cancellationToken);
        var messages = Path.Combine(samples, "retail", "messages_2024_train.csv");
        await runs.TrainedOnAsync(scientist, run.Id.ToString(), RetailData.Name, messages, (await File.ReadAllLinesAsync(messages, cancellationToken)).Length - 1, cancellationToken);
        var measured = (await evaluations.ListAsync(scientist, model.Id, version.Number, cancellationToken)).Required()[0].Report!; // stage 3 waited for it
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        await runs.LogAsync(
            scientist, run.Id.ToString(),
            new LogBatch([.. measured.Metrics.Where(metric => metric.Value.Value is not null).Select(metric => new LoggedMetric("test_" + metric.Key, metric.Value.Value!.Value, at, 0))], [KeyValuePair.Create("algorithm", version.Lineage.Algorithm ?? name)], []),
            cancellationToken);
        await using (var file = File.OpenRead(Path.Combine(samples, "retail", "response_model", "models", name + ".onnx")))
            await WriteAsync(scientist, run, "model.onnx", file, cancellationToken);
        await WriteAsync(scientist, run, "requirements.txt", Bytes("onnx\nonnxruntime\n"), cancellationToken);
        await WriteAsync(scientist, run, "MLmodel", Bytes(Manifest(run, version.Signature!)), cancellationToken);
        await runs.FinishAsync(scientist, run.Id.ToString(), cancellationToken);
        return run;
    }

    private async Task WriteAsync(Caller scientist, RunInfo run, string name, Stream content, CancellationToken cancellationToken)
    {
        var address = new ArtifactAddress(ArtifactOwner.Of(run.Id), ArtifactPath.Parse($"{Folder}/{name}")!.Value); // a name of ours
        (await artifacts.WriteAsync(scientist, address, content, content.Length, cancellationToken)).Required();
    }

    /// <summary>What MLflow's ONNX flavour writes beside a file, with the tensors of the file as its signature: a table of their columns is what its clients predict with.</summary>
    private static string Manifest(RunInfo run, ModelSignature file) => $$"""
        artifact_path: {{Folder}}
        flavors:
          onnx:
            code: null
            data: model.onnx
            providers:
            - CPUExecutionProvider
          python_function:
            data: model.onnx
            env:
              virtualenv: requirements.txt
            loader_module: mlflow.onnx
        run_id: {{run.Id}}
        signature:
          inputs: '{{Tensors(file.Inputs)}}'
          outputs: '{{Tensors(file.Outputs)}}'
          params: null

        """;

    private static string Tensors(IEnumerable<ModelValue> values) => JsonSerializer.Serialize(values.Select(value => new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["name"] = value.Name, ["type"] = "tensor", ["tensor-spec"] = new { dtype = Type(value.Type), shape = value.Shape },
    }));

    private static string Type(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => "float32",
        OnnxElementType.Int64 => "int64",
        OnnxElementType.String => "str",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type of tensor that no file of the demo has."),
    };

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
