using System.Globalization;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Where a version's files are, said in the target's words.</summary>
internal abstract record VersionSource
{
    internal sealed record At(string Uri, string? RunId, string? ModelId) : VersionSource
    {
        /// <summary>A place of the same run or model where no files are: for a version that only uses up a number.</summary>
        public string Empty { get; init; } = Uri;
    }

    /// <summary>A copy of a version that is not imported yet.</summary>
    internal sealed record Later(string Name, int Version) : VersionSource;

    internal sealed record Unknown(string Reason) : VersionSource;

    private const string NoFiles = "/no-files";
    private const string ModelScheme = "models:/";
    private const string RunScheme = "runs:/";

    /// <param name="named">The target's name of an imported registered model, with its imported versions; null before it is imported.</param>
    public static VersionSource Of(ModelVersion version, References references, Func<string, (string Name, IReadOnlySet<int> Versions)?> named)
    {
        var uri = version.Source.TrimEnd('/');
        var run = references.Run(version.RunId);
        if (uri.StartsWith(ModelScheme, StringComparison.Ordinal)) return OfModel(uri[ModelScheme.Length..].TrimStart('/'), run, references, named);
        if (references.Model(version.ModelId) is { } model) return Whole(model, run?.Id);
        if (version.RunId is not { Length: > 0 } runId) return new Unknown($"its files are at {Shown(uri)}, which belongs to no run");
        if (run is null) return new Unknown("its run is not at the source any more, or was not imported");
        if (uri.StartsWith($"{RunScheme}{runId}", StringComparison.Ordinal)) return Within(run, uri[(RunScheme.Length + runId.Length)..]);

        // <experiment's location>/<run id>/artifacts/<path>, wherever the location is.
        var root = $"/{runId}/artifacts";
        var at = uri.IndexOf(root, StringComparison.Ordinal);
        return at >= 0 && (uri.Length == at + root.Length || uri[at + root.Length] == '/')
            ? Within(run, uri[(at + root.Length)..])
            : OfLocation(uri, run, references);
    }

    private static At Whole(LoggedModel model, string? runId) => new($"{ModelScheme}{model.Id}", runId, model.Id) { Empty = model.Info.ArtifactUri + NoFiles };

    private static At Within(TargetRun run, string path) => new(run.ArtifactUri + path, run.Id, ModelId: null) { Empty = run.ArtifactUri + NoFiles };

    private static VersionSource OfModel(string rest, TargetRun? run, References references, Func<string, (string Name, IReadOnlySet<int> Versions)?> named)
    {
        var parts = rest.Split('/');
        if (parts is [var id])
            return references.Model(id) is { } model ? Whole(model, run?.Id ?? model.Info.SourceRunId) : new Unknown($"its logged model {Shown(id)} is not at the source any more, or was not imported");
        if (parts is not [.., var last] || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new Unknown($"its source {Shown(rest)} names no version");
        var name = string.Join('/', parts[..^1]);
        if (named(name) is not { } known || !known.Versions.Contains(number)) return new Later(name, number);
        return new At($"{ModelScheme}{known.Name}/{number}", RunId: null, ModelId: null);
    }

    /// <summary>Files of a logged model, registered by their place.</summary>
    private static VersionSource OfLocation(string uri, TargetRun run, References references)
    {
        var model = uri.Split('/').Select(references.Model).FirstOrDefault(found => found is not null);
        return model is not null ? Whole(model, run.Id) : new Unknown($"its files are at {Shown(uri)}, outside its run");
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
