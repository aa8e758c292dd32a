using System.Collections.Immutable;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>What a machine needs to load a model, as its folder says.</summary>
/// <param name="Python">The version it was logged with; null where nothing says it.</param>
/// <param name="Packages">As pip or conda reads them: <c>scikit-learn==1.2.1</c>.</param>
public sealed record ModelNeeds(string? Python, ImmutableArray<string> Packages)
{
    public static readonly ModelNeeds Nothing = new(null, []);
    private const int MostPackages = 200;
    private const int MostText = 100_000;

    internal static async Task<ModelNeeds> ReadAsync(LoggedSources sources, ImmutableArray<VersionFile> files, CancellationToken cancellationToken)
    {
        return Of(await TextAsync("requirements.txt"), await TextAsync("conda.yaml"), await TextAsync("python_env.yaml"));

        async Task<string?> TextAsync(string path) =>
            files.FirstOrDefault(file => file.Path == path) is { Artifact.Length: <= MostText } file ? await ManifestReader.TextAsync(sources, file, MostText, cancellationToken) : null;
    }

    /// <summary>pip's list where there is one, else conda's.</summary>
    public static ModelNeeds Of(string? pip, string? conda, string? env)
    {
        var listed = Conda(conda).ToList();
        var python = (env is null ? null : YamlSubset.Read(env)?.Get("python")?.Scalar) ?? listed.Find(IsPython)?["python".Length..].TrimStart('=');
        var packages = pip is null ? listed.Where(line => !IsPython(line)) : pip.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] is not ('#' or '-'));
        return new ModelNeeds(string.IsNullOrEmpty(python) ? null : python, [.. packages.Take(MostPackages)]);
    }

    private static bool IsPython(string line) => line == "python" || line.StartsWith("python=", StringComparison.Ordinal);

    private static IEnumerable<string> Conda(string? conda) =>
        conda is not null && YamlSubset.Read(conda)?.Get("dependencies") is YamlNode.List dependencies
            ? dependencies.Items.SelectMany(item => item.Get("pip") is YamlNode.List nested ? nested.Items.AsEnumerable() : [item]).Select(item => item.Scalar).OfType<string>()
            : [];
}
