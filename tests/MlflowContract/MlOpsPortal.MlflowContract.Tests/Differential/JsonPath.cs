using System.Globalization;
using System.Text.Json.Nodes;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>Names and indices with points between them: <c>runs.0.info.run_id</c>.</summary>
internal static class JsonPath
{
    public static JsonNode? Find(JsonNode? json, string path)
    {
        foreach (var step in path.Split('.'))
            json = json switch
            {
                JsonObject body => body[step],
                JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        return json;
    }
}
