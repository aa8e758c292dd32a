using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Web.Components.Pages.Registry;

/// <summary>What a person pastes to use a registered model: filled in with the portal's address, without a secret.</summary>
public static class RegistrySnippets
{
    /// <param name="portal">The portal's address as the person has it in her browser.</param>
    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="alias">An alias of the version to load by; null to load by its number.</param>
    /// <param name="folder">What lies there; null when it was not read.</param>
    public static IReadOnlyList<(string Title, string Text)> Of(Uri portal, string tenant, RegisteredVersion version, string? alias, ModelFolder? folder)
    {
        var home = $"{portal.GetLeftPart(UriPartial.Authority)}/t/{tenant}";
        var number = version.Number.ToString(CultureInfo.InvariantCulture);
        var uri = alias is null ? $"models:/{version.Name}/{number}" : $"models:/{version.Name}@{alias}";
        var (address, target) = File(home, version, folder) ?? ($"{home}/api/2.0/mlflow/model-versions/get-download-uri?name={Uri.EscapeDataString(version.Name)}&version={number}", "version.json");
        return
        [
            ("Python", $"""
                # first: {Token}
                import mlflow

                mlflow.set_tracking_uri({Quoted(home)})
                {Use(uri, version, folder)}
                """),
            ("C#", $$"""
                // first: {{Token}}
                using var client = new HttpClient();
                client.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("MLFLOW_TRACKING_TOKEN"));
                await using var content = await client.GetStreamAsync({{Quoted(address)}});
                await using var file = File.Create({{Quoted(target)}});
                await content.CopyToAsync(file);
                """),
            ("curl", $"""
                # first: {Token}
                curl --fail --header "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" \
                  --output {Shell(target)} {Shell(address)}
                """),
            ("CLI", $"""
                # first: {Token}
                export MLFLOW_TRACKING_URI={Shell(home)}
                mlflow artifacts download --artifact-uri {Shell(uri)} --dst-path model
                """),
        ];
    }

    private const string Token = "export MLFLOW_TRACKING_TOKEN=<a token of yours>";

    /// <summary>The file that matters most, and what to call it; null where none is known.</summary>
    private static (string Address, string Target)? File(string home, RegisteredVersion version, ModelFolder? folder)
    {
        if (folder is null || version.Files is not { } files || (folder.Onnx ?? (folder.Manifest is null ? null : "MLmodel")) is not { } path)
            return null;
        var key = files[(ArtifactAddress.Scheme.Length + 2)..].TrimEnd('/');
        var isFileItself = folder.Files == 1 && key.EndsWith('/' + path, StringComparison.Ordinal);
        var whole = isFileItself ? key : $"{key}/{path}";
        return ($"{home}/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', whole.Split('/').Select(Uri.EscapeDataString))}", path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Loads and asks it where MLflow can, and downloads it otherwise.</summary>
    private static string Use(string uri, RegisteredVersion version, ModelFolder? folder)
    {
        if (!version.Flavors.Contains("python_function", StringComparer.Ordinal))
            return $"path = mlflow.artifacts.download_artifacts({Quoted(uri)})";
        var columns = folder?.Manifest?.Inputs is { Length: > 0 } inputs && inputs.All(input => input.Name is not null) ? $" with the columns {string.Join(", ", inputs.Take(3).Select(input => input.Name))}{(inputs.Length > 3 ? ", …" : "")}" : "";
        return folder?.Manifest?.InputExample is null
            ? $"""
              model = mlflow.pyfunc.load_model({Quoted(uri)})
              # then: model.predict(data), where data is a table{columns}
              """
            : $"""
              model = mlflow.pyfunc.load_model({Quoted(uri)})
              predictions = model.predict(model.input_example)  # or a table of yours{columns}
              """;
    }

    /// <summary>How a first model comes into the registry.</summary>
    public static string Register(Uri portal, string tenant) => $"""
        # first: {Token}
        import mlflow

        mlflow.set_tracking_uri({Quoted($"{portal.GetLeftPart(UriPartial.Authority)}/t/{tenant}")})
        with mlflow.start_run():
            mlflow.sklearn.log_model(model, name="model", registered_model_name="my-model")
        """;

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static string Shell(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
