using System.Text.Json;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>A call that the portal answers better than MLflow does, and why that is better.</summary>
/// <param name="Call">The call's title.</param>
/// <param name="Answer">What the portal answers: status, and its error code if it has one.</param>
/// <param name="Body">The normalised body where it matters; otherwise null, and free.</param>
internal sealed record Improvement(string Call, string Answer, string Reason, JsonElement? Body = null)
{
    public static IReadOnlyDictionary<string, Improvement> Read(string file) =>
        JsonSerializer.Deserialize<List<Improvement>>(File.ReadAllText(file), JsonSerializerOptions.Web)!.ToDictionary(one => one.Call, StringComparer.Ordinal);
}
