using System.Globalization;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Where a version's files are, said in the target's words.</summary>
internal abstract record VersionSource
{
    internal sealed record At(string Uri, string? RunId, string? ModelId) : VersionSource;

    /// <summary>A copy of a version that is not imported yet.</summary>
    internal sealed record Later(string Name, int Version) : VersionSource;

    internal sealed record Unknown(string Reason) : VersionSource;

    private const string ModelScheme = "models:/";
    private const string RunScheme = "runs:/";

    /// <param name="named">The target's name of an imported registered model, with its imported versions; null before it is imported.</param>
    public static VersionSource Of(ModelVersion version, References references, Func<string, (string Name, IReadOnlySet<int> Versions)?> named)
    {
        var uri = version.Source.TrimEnd('/');
        var run = references.Run(version.RunId);
        if (uri.StartsWith(ModelScheme, StringComparison.Ordinal)) return OfModel(uri[ModelScheme.Length..].TrimStart('/'), run, references, named);
        if (references.Model(version.ModelId) is { } model) return new At($"{ModelScheme}{model.Id}", run?.Id, model.Id);
        if (version.RunId is not { Length: > 0 } runId) return new Unknown($"its files are at {Shown(uri)}, which belongs to no run");
        if (run is null) return new Unknown("its run is not at the source any more, or was not imported");
        if (uri.StartsWith($"{RunScheme}{runId}", StringComparison.Ordinal)) return new At($"{run.ArtifactUri}{uri[(RunScheme.Length + runId.Length)..]}", run.Id, ModelId: null);

        // <experiment's location>/<run id>/artifacts/<path>, wherever the location is.
        var root = $"/{runId}/artifacts";
        var at = uri.IndexOf(root, StringComparison.Ordinal);
        return at >= 0 && (uri.Length == at + root.Length || uri[at + root.Length] == '/')
            ? new At(run.ArtifactUri + uri[(at + root.Length)..], run.Id, ModelId: null)
            : OfLocation(uri, run, references);
    }

    private static VersionSource OfModel(string rest, TargetRun? run, References references, Func<string, (string Name, IReadOnlySet<int> Versions)?> named)
    {
        var parts = rest.Split('/');
        if (parts is [var id])
            return references.Model(id) is { } model ? new At($"{ModelScheme}{model.Id}", run?.Id ?? model.Info.SourceRunId, model.Id) : new Unknown($"its logged model {Shown(id)} is not at the source any more, or was not imported");
        if (parts is not [.., var last] || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new Unknown($"its source {Shown(rest)} names no version");
        var name = string.Join('/', parts[..^1]);
        if (named(name) is not { } known || !known.Versions.Contains(number)) return new Later(name, number);
        return new At($"{ModelScheme}{known.Name}/{number}", RunId: null, ModelId: null);
    }

    /// <summary>Files of a logged model, registered by their place.</summary>
    private static VersionSource OfLocation(string uri, TargetRun run, References references)
    {
        var model = uri.Split('/').Select(references.Model).FirstOrDefault(found => found is not null);
        return model is not null ? new At($"{ModelScheme}{model.Id}", run.Id, model.Id) : new Unknown($"its files are at {Shown(uri)}, outside its run");
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
