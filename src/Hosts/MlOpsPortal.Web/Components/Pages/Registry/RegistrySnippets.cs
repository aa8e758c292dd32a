using System.Globalization;
using System.Text.Json;

namespace MlOpsPortal.Web.Components.Pages.Registry;

/// <summary>What a person pastes to use a registered model: filled in with the portal's address, without a secret.</summary>
public static class RegistrySnippets
{
    /// <param name="portal">The portal's address as the person has it in her browser.</param>
    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="alias">An alias to load by; null to load by number.</param>
    public static IReadOnlyList<(string Title, string Text)> Of(Uri portal, string tenant, string name, int number, string? alias)
    {
        var origin = portal.GetLeftPart(UriPartial.Authority);
        var uri = alias is null ? string.Create(CultureInfo.InvariantCulture, $"models:/{name}/{number}") : $"models:/{name}@{alias}";
        var api = $"{origin}/t/{tenant}/api/2.0/mlflow/model-versions/get-download-uri?name={Uri.EscapeDataString(name)}&version={number.ToString(CultureInfo.InvariantCulture)}";
        return
        [
            ("Python", $"""
                import os, mlflow
                os.environ["MLFLOW_TRACKING_URI"] = {Quoted($"{origin}/t/{tenant}")}
                os.environ["MLFLOW_TRACKING_TOKEN"] = "<token>"
                model = mlflow.pyfunc.load_model({Quoted(uri)})
                predictions = model.predict(data)
                """),
            ("C#", $$"""
                using var client = new HttpClient { BaseAddress = new Uri({{Quoted(origin)}}) };
                client.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("MLFLOW_TRACKING_TOKEN"));
                var version = await client.GetFromJsonAsync<JsonElement>({{Quoted(new Uri(api).PathAndQuery)}});
                Console.WriteLine(version.GetProperty("artifact_uri"));
                """),
            ("curl", $"""
                curl -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" \
                  {Shell(api)}
                """),
            ("CLI", $"""
                export MLFLOW_TRACKING_URI={Shell($"{origin}/t/{tenant}")}
                export MLFLOW_TRACKING_TOKEN='<token>'
                mlflow artifacts download --artifact-uri {Shell(uri)} --dst-path model
                """),
        ];
    }

    /// <summary>How a first model comes into the registry.</summary>
    public static string Register(Uri portal, string tenant) => $"""
        import os, mlflow
        os.environ["MLFLOW_TRACKING_URI"] = {Quoted($"{portal.GetLeftPart(UriPartial.Authority)}/t/{tenant}")}
        os.environ["MLFLOW_TRACKING_TOKEN"] = "<token>"
        with mlflow.start_run():
            mlflow.sklearn.log_model(model, name="model", registered_model_name="my-model")
        """;

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static string Shell(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
