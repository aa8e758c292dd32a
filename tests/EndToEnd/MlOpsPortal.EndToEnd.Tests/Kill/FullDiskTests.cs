using System.Globalization;
using System.Net.Http.Json;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>The portal's own disk has no room: the spool of predictions and the folders of jobs cannot be written (attack 63). No file may grow beyond a
/// few bytes, which the portal meets as it meets a full disk: a write that fails, half done.</summary>
public sealed class FullDiskTests
{
    /// <summary>Less than one prediction takes: each attempt leaves half a record.</summary>
    private const long NoRoom = 50;

    [Fact]
    public async Task On_a_full_disk_predictions_are_refused_with_507_none_is_half_logged_and_with_room_all_goes_on()
    {
        await using var portal = await PortalProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Logging:LogLevel:Default"] = "None" }, TestContext.Current.CancellationToken); // its log is a file too
        var scene = await Scene.ArrangeAsync(portal);
        var (engineer, scientist) = (scene.Tenant[Role.MlOpsEngineer], scene.Tenant[Role.DataScientist]);
        (await ScoreAsync(engineer, "before")).ShouldBe(200);
        var upload = await scientist.Client.UploadAsync(Path.Combine(Repository.Samples, "breast_cancer", "test.csv"));

        portal.LimitFiles(NoRoom);
        var asked = await scientist.PostAsync($"/api/v1/projects/{scene.Projects[0].Id}/datasets", new { name = "asked", version = new { upload, role = "training", target = "target" } });
        for (var attempt = 0; attempt < 20; attempt++)
            (await ScoreAsync(engineer, string.Create(CultureInfo.InvariantCulture, $"full-{attempt}"))).ShouldBe(507);
        (await engineer.GetAsync("/api/v1/projects")).GetProperty("items").GetArrayLength().ShouldBe(1, "what needs no disk goes on");
        portal.LimitFiles(null);

        (await ScoreAsync(engineer, "after")).ShouldBe(200);
        await using var database = NpgsqlDataSource.Create(portal.Database.Owner);
        await Jobs.UntilAsync("the prediction log", async () => (await LoggedAsync(database)).Contains("after", StringComparer.Ordinal) ? "" : null);
        (await LoggedAsync(database)).Order(StringComparer.Ordinal).ShouldBe(["after", "before"]);
        var dataset = Modelling.Text(asked.GetProperty("dataset"), "id");
        await Jobs.UntilAsync("the dataset that was asked for meanwhile", async () =>
            Modelling.Text((await scientist.GetAsync($"/api/v1/datasets/{dataset}")).GetProperty("dataset").GetProperty("versions")[0], "state") is "ready" or "failed" ? "" : null);
    }

    private static async Task<int> ScoreAsync(TestMember engineer, string id)
    {
        using var answer = await engineer.Client.PostAsJsonAsync($"/api/v1/endpoints/{Scene.Endpoint}/score", new { rows = new[] { Writers.SampleRow }, predictionIds = new[] { id } });
        if ((int)answer.StatusCode == 507)
            (await answer.CodeAsync(), answer.Headers.RetryAfter is not null).ShouldBe(("deployments.spool_failed", true));
        return (int)answer.StatusCode;
    }

    private static async Task<List<string>> LoggedAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT prediction_id FROM monitoring.predictions");
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
    }
}
