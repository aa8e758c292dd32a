using System.Net;
using System.Net.Http.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Projects.Tests.Objectives.CheckIns;

[Collection<PortalCollection>]
public sealed class CheckInApiTests(PortalFixture portal)
{
    [Fact]
    public async Task A_check_in_is_kept_with_its_history_and_can_be_undone()
    {
        var business = await BusinessCase.NewAsync(portal);
        await business.Owner.PostAsync(business.CheckIns, new { date = "2024-01-08", value = 0.173, confidence = 4, whatChanged = "Younger shoppers", next = "Train v7" });
        using var again = await business.Owner.Client.PostAsJsonAsync(business.CheckIns, new { date = "2024-01-08", value = 0.18, confidence = 6 });
        await business.Owner.PutAsync(business.CheckIns + "/2024-01-08", new { value = 0.18, confidence = 6 });

        var history = await business.Owner.GetAsync(business.CheckIns + "/history");
        var undone = await business.Owner.PostAsync(business.CheckIns + "/2024-01-08/undo", new { });

        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync()).ShouldContain("0.173");
        history.EnumerateArray().Select(one => one.GetProperty("confidence").GetInt32()).ShouldBe([6, 4]);
        undone.GetProperty("whatChanged").GetString().ShouldBe("Younger shoppers");
    }

    [Theory]
    [InlineData(null, "confidence")]
    [InlineData(11, "confidence")]
    [InlineData(-1, "confidence")]
    public async Task Confidence_is_required_and_goes_from_0_to_10(int? confidence, string field)
    {
        var business = await BusinessCase.NewAsync(portal);

        using var answer = await business.Owner.Client.PostAsJsonAsync(business.CheckIns, new { date = "2024-01-08", value = 0.173, confidence });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"field\":\"{field}\"");
    }

    [Fact]
    public async Task A_key_result_with_a_number_takes_no_zone_and_one_that_is_not_there_nothing()
    {
        var business = await BusinessCase.NewAsync(portal);
        var unknown = business.CheckIns.Replace(business.KeyResult, Guid.NewGuid().ToString("n"), StringComparison.Ordinal);

        using var zone = await business.Owner.Client.PostAsJsonAsync(business.CheckIns, new { date = "2024-01-08", zone = "target", confidence = 5 });
        using var lost = await business.Owner.Client.PostAsJsonAsync(unknown, new { date = "2024-01-08", value = 1, confidence = 5 });

        zone.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        lost.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Changing_an_objective_without_ids_keeps_the_check_ins_of_a_key_result_with_the_same_title()
    {
        var business = await BusinessCase.NewAsync(portal);
        await business.Owner.PostAsync(business.CheckIns, new { date = "2024-01-08", value = 0.173, confidence = 4 });
        var address = $"/api/v1/projects/{business.Project.Id}";
        var objective = (await business.Owner.GetAsync(address)).GetProperty("project").GetProperty("objectives")[0].GetProperty("id").GetString();

        await business.Owner.PostAsync(address + "/objectives", new
        {
            id = objective, title = "Shoppers know their offers", type = "committed", start = "2024-01-01", end = "2099-12-31",
            keyResults = new[] { new { title = "New first", unit = "share", start = 0m, target = 1m }, new { title = "Visit share", unit = "share", start = 0.15m, target = 0.25m } },
        });

        (await business.Owner.GetAsync(business.CheckIns)).GetProperty("checkIns").GetArrayLength().ShouldBe(1);
    }
}
