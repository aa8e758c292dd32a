using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>An answer without what may differ from server to server: ids, times of now, addresses, generated names, tokens and messages.</summary>
internal static partial class Normal
{
    private const double Day = 86_400_000;
    private const string Uri = "mlflow-artifacts:/";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lists whose order means nothing.</summary>
    private static readonly HashSet<string> Sets = new(StringComparer.Ordinal) { "tags", "params", "metrics", "aliases", "latest_versions" };

    /// <summary>The portal's own field, which MLflow's clients pass over.</summary>
    private const string ProjectField = "project_id";

    /// <param name="now">Times within two days of it are taken for the servers' own.</param>
    public static string Of(Call call, Answer answer, DateTimeOffset now)
    {
        if (answer.Json is not { } json)
            return answer.Status >= 400 ? "" : answer.Text.Length == 0 ? "{}" : answer.Variables.Abstract(answer.Text); // clients read nothing as no fields
        if (answer.Status >= 400)
            return answer.ErrorCode ?? ""; // besides it MLflow has a message and classes of its own

        var normal = Value("", json, answer.Variables, now.ToUnixTimeMilliseconds());
        foreach (var path in call.Ignored)
            Free(normal, path.Split('.'));
        return normal?.ToJsonString(Readable) ?? "null";
    }

    private static JsonNode? Value(string name, JsonNode? node, Variables variables, double now) => node switch
    {
        JsonObject body => new JsonObject(body.Where(field => field.Key != ProjectField).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Value(Name(body, field.Key), field.Value, variables, now)))),
        JsonArray list => List(name, list, variables, now),
        JsonValue value when value.TryGetValue(out string? text) => Text(name, text, variables),
        JsonValue value when value.TryGetValue(out double number) => Math.Abs(number - now) < 2 * Day ? "<now>" : number,
        _ => node?.DeepClone(),
    };

    /// <summary>A tag's value is known by its key.</summary>
    private static string Name(JsonObject body, string field) => field == "value" && body["key"] is JsonValue key && key.TryGetValue(out string? text) ? text : field;

    private static JsonArray List(string name, JsonArray list, Variables variables, double now)
    {
        var items = list.Select(item => Value("", item, variables, now));
        return new JsonArray([.. Sets.Contains(name) ? items.OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal) : items]);
    }

    private static string Text(string name, string text, Variables variables)
    {
        if (name == "experiment_id")
            return variables.Experiment(text) ?? text;
        if (name is "next_page_token" && text.Length > 0)
            return "<token>";
        if (name is "run_name" or "mlflow.runName" or "name" && GeneratedName().IsMatch(text))
            return "<generated name>";
        if (text.StartsWith(Uri, StringComparison.Ordinal) && text[Uri.Length..].Split('/', 2) is [var experiment, .. var rest])
            text = string.Join('/', [Uri + (variables.Experiment(experiment) ?? (experiment == "0" ? "0" : "<experiment>")), .. rest]);
        return Id().Replace(variables.Abstract(text), "<id>");
    }

    /// <summary>Takes a value out of the comparison, wherever it is there; * stands for every item.</summary>
    private static void Free(JsonNode? at, ReadOnlySpan<string> path)
    {
        if (at is JsonArray list && path[0] == "*")
        {
            foreach (var item in list)
                Free(item, path[1..]);
        }
        else if (at is JsonObject body && path.Length == 1)
        {
            body.Remove(path[0]);
        }
        else if (path.Length > 1)
        {
            Free(JsonPath.Find(at, path[0]), path[1..]);
        }
    }

    [GeneratedRegex("^[a-z]+-[a-z]+-[0-9]{1,3}$", RegexOptions.None, 1000)]
    private static partial Regex GeneratedName();

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
