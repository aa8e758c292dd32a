using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlOpsPortal.Deployments;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Web.Demo;

/// <summary>Stage 4 of the retail story: the endpoint in production, and its first predictions, sent as a program would send them.</summary>
internal sealed class RetailRelease(DeploymentDesk deployments, DemoFiles files)
{
    private const string Name = "offers-prod";
    private const int FirstRows = 200;
    private const int RowsPerRequest = 20;

    public async Task<DemoDeployment> ReleaseAsync(
        IReadOnlyDictionary<Role, Caller> people, ProjectId project, ModelId model, ModelVersionId version, string samples, Uri portal, string token, CancellationToken cancellationToken)
    {
        var engineer = people[Role.MlOpsEngineer];
        var there = await deployments.FindAsync(engineer, Name, cancellationToken);
        var deployment = there.IsOk
            ? there.Value.State
            : (await deployments.CreateAsync(engineer, new NewDeployment(project, Name, ReleaseEnvironment.Production, model, null, null), cancellationToken)).Required().State;
        var rows = Rows(Path.Combine(samples, "retail", "response_model", "test.csv"));
        if (deployment.Releases.IsEmpty)
        {
            (await deployments.ReleaseAsync(engineer, deployment.Id, version, null, cancellationToken)).Required();
            await files.UntilAsync(
                "the release", async () => (await deployments.GetAsync(engineer, deployment.Id, cancellationToken)).Required().State,
                found => found.Releases[^1].State is not Deployments.Releases.ReleaseState.Loading, cancellationToken);
            await ScoreAsync(portal, token, rows, cancellationToken);
        }

        return new DemoDeployment(Name, "production", JsonSerializer.SerializeToElement(Request([rows[0]])));
    }

    private static async Task ScoreAsync(Uri portal, string token, IReadOnlyList<JsonObject> rows, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = portal };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var part in rows.Take(FirstRows).Chunk(RowsPerRequest))
        {
            using var answer = await client.PostAsJsonAsync(new Uri($"/api/v1/endpoints/{Name}/score", UriKind.Relative), Request(part), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static JsonObject Request(IEnumerable<JsonObject> rows) => new() { ["rows"] = new JsonArray([.. rows.Select(row => row.DeepClone())]) };

    /// <summary>The sample's rows without the outcome: numbers as numbers, empty cells as null. The file holds no quotes.</summary>
    private static List<JsonObject> Rows(string path)
    {
        var lines = File.ReadAllLines(path);
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => new JsonObject(names.Zip(line.Split(',')).Where(cell => cell.First != RetailData.Target).Select(cell => KeyValuePair.Create<string, JsonNode?>(cell.First, Value(cell.Second)))))];
    }

    private static JsonValue? Value(string cell) =>
        cell.Length == 0 ? null : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(cell);
}
