using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

/// <summary>
/// The tags by which a second import knows what the first one made. They are set in the very request that creates a thing, so that a kill at any moment
/// leaves nothing nameless. Ids say what a thing is at its source, not where that server is: it may move.
/// </summary>
internal static class Origin
{
    /// <summary>Which thing of the source this is.</summary>
    public const string Id = "mlopsportal.import_id";

    /// <summary>For people: the address it came from.</summary>
    public const string From = "mlopsportal.imported_from";

    /// <summary>A hash of all that was there to copy, written last: with it, there is nothing left to do.</summary>
    public const string State = "mlopsportal.import_state";

    /// <summary>A version that stands for a number which the source has deleted, until it is deleted too.</summary>
    public const string Filler = "mlopsportal.import_filler";

    /// <summary>Chooses the portal's project for a new experiment.</summary>
    public const string Project = "mlopsportal.project";

    /// <summary>Changes when the tool begins to copy something that it left out before: everything is then looked at again.</summary>
    private const int Edition = 1;
    private const string Prefix = "mlopsportal.";

    /// <summary>Servers number their experiments alike: the time of creation tells two servers apart.</summary>
    public static string Of(Experiment experiment) => string.Create(CultureInfo.InvariantCulture, $"experiment/{experiment.ExperimentId}@{experiment.CreationTime}");

    public static string Of(Run run) => $"run/{run.Id}";

    public static string Of(LoggedModel model) => $"logged-model/{model.Id}";

    public static string Of(RegisteredModel model) => string.Create(CultureInfo.InvariantCulture, $"registered-model/{model.Name}@{model.CreationTimestamp}");

    public static string OfVersion(int number) => string.Create(CultureInfo.InvariantCulture, $"version/{number}");

    /// <summary>Tags of an earlier import, which say nothing about this one.</summary>
    public static bool IsOurs(KeyValue tag) => tag.Key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What there is to copy of a run but files and histories, which its latest values stand for.</summary>
    public static string StateOf(Run run) => Hash(run with
    {
        Info = run.Info with { ArtifactUri = "", LifecycleStage = "" },
        Data = new RunData
        {
            Metrics = [.. run.Data.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)],
            Params = Ordered(run.Data.Params),
            Tags = Ordered(run.Data.Tags),
        },
        Inputs = new RunInputs
        {
            DatasetInputs = [.. run.Inputs.DatasetInputs.OrderBy(input => input.Dataset.Name, StringComparer.Ordinal).ThenBy(input => input.Dataset.Digest, StringComparer.Ordinal)],
            ModelInputs = Ordered(run.Inputs.ModelInputs),
        },
        Outputs = new RunOutputs { ModelOutputs = Ordered(run.Outputs.ModelOutputs) },
    });

    public static string StateOf(LoggedModel model) => Hash(new LoggedModel
    {
        Info = model.Info with { ArtifactUri = "", Tags = Ordered(model.Info.Tags) },
        Data = new LoggedModelData { Params = Ordered(model.Data.Params) },
    });

    /// <summary>What is measured of a model: runs may go on judging it.</summary>
    public static string MetricsOf(LoggedModel model) => Hash(
        model.Data.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).ThenBy(metric => metric.Step).ThenBy(metric => metric.Timestamp).ThenBy(metric => metric.RunId, StringComparer.Ordinal).ToList());

    private static IReadOnlyList<KeyValue> Ordered(IEnumerable<KeyValue> values) => [.. values.OrderBy(value => value.Key, StringComparer.Ordinal)];

    private static IReadOnlyList<ModelReference> Ordered(IEnumerable<ModelReference> models) => [.. models.OrderBy(model => model.ModelId, StringComparer.Ordinal).ThenBy(model => model.Step)];

    private static string Hash<T>(T facts) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Edition, facts }, Wire.Json)))[..32];
}
