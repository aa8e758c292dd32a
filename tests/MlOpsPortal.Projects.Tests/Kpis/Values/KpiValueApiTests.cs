using System.Net;
using System.Net.Http.Json;
using System.Text;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Projects.Tests.Kpis.Values;

[Collection<PortalCollection>]
public sealed class KpiValueApiTests(PortalFixture portal)
{
    [Fact]
    public async Task A_declared_value_is_recorded_once_per_date_and_overwritten_only_by_saying_so()
    {
        var business = await BusinessCase.NewAsync(portal);
        await business.Owner.PostAsync(business.Values, new { date = "2024-01-08", value = 0.17, note = "from the till" });

        using var again = await business.Owner.Client.PostAsJsonAsync(business.Values, new { date = "2024-01-08", value = 0.18 });
        var overwritten = await business.Owner.PutAsync(business.Values + "/2024-01-08", new { value = 0.18 });
        var series = await business.Owner.GetAsync(business.Values);
        var history = await business.Owner.GetAsync(business.Values + "/history");

        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync()).ShouldContain("2024-01-08 already: 0.17");
        overwritten.GetProperty("revision").GetInt32().ShouldBe(2);
        series.GetProperty("values").EnumerateArray().Select(value => (value.GetProperty("value").GetDecimal(), value.GetProperty("source").GetString())).ShouldBe([(0.18m, "declared")]);
        history.EnumerateArray().Select(value => value.GetProperty("value").GetDecimal()).ShouldBe([0.18m, 0.17m]);
    }

    [Fact]
    public async Task Undo_puts_back_what_stood_and_a_withdrawn_value_can_be_undone_too()
    {
        var business = await BusinessCase.NewAsync(portal);
        var date = business.Values + "/2024-01-08";
        await business.Owner.PutAsync(date, new { value = 0.17 });
        await business.Owner.PutAsync(date, new { value = 0.71 });

        var undone = await business.Owner.PostAsync(date + "/undo", new { });
        using var withdrawn = await business.Owner.Client.DeleteAsync(date);
        var without = await business.Owner.GetAsync(business.Values);
        var back = await business.Owner.PostAsync(date + "/undo", new { });

        undone.GetProperty("value").GetDecimal().ShouldBe(0.17m);
        withdrawn.StatusCode.ShouldBe(HttpStatusCode.OK);
        without.GetProperty("values").GetArrayLength().ShouldBe(0);
        back.GetProperty("withdrawn").GetBoolean().ShouldBeFalse();
        back.GetProperty("value").GetDecimal().ShouldBe(0.17m);
    }

    [Fact]
    public async Task Who_overwrites_what_another_has_changed_meanwhile_is_told()
    {
        var business = await BusinessCase.NewAsync(portal);
        var date = business.Values + "/2024-01-08";
        await business.Owner.PutAsync(date, new { value = 0.17 });
        await business.Tenant[Role.DataScientist].PutAsync(date, new { value = 0.16 });

        using var request = new HttpRequestMessage(HttpMethod.Put, date) { Content = JsonContent.Create(new { value = 0.18 }) };
        request.Headers.Add("If-Match", "\"1\"");
        using var late = await business.Owner.Client.SendAsync(request);

        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await late.CodeAsync()).ShouldBe("stale");
        (await business.Owner.GetAsync(business.Values)).GetProperty("values")[0].GetProperty("value").GetDecimal().ShouldBe(0.16m);
    }

    [Fact]
    public async Task Of_many_who_write_the_same_date_at_once_nothing_is_lost_and_each_answer_is_true()
    {
        var business = await BusinessCase.NewAsync(portal);

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => business.Owner.Client.PutAsJsonAsync(business.Values + "/2024-01-08", new { value = number / 100m })));
        var history = await business.Owner.GetAsync(business.Values + "/history");

        answers.Select(answer => answer.StatusCode).ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        history.GetArrayLength().ShouldBe(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        history.EnumerateArray().Select(value => value.GetProperty("revision").GetInt32()).Order().ShouldBe(Enumerable.Range(1, history.GetArrayLength()));
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory]
    [InlineData("""{"date":"2024-01-08","value":"NaN"}""", "value")]
    [InlineData("""{"date":"2024-01-08","value":NaN}""", "value")]
    [InlineData("""{"date":"2024-01-08","value":"much"}""", "value")]
    [InlineData("""{"date":"2024-01-08"}""", "value")]
    [InlineData("""{"date":"2024-01-08","value":1e20}""", "value")]
    [InlineData("""{"date":"9999-01-05","value":0.1}""", "date")]
    [InlineData("""{"date":"2024-02-30","value":0.1}""", "date")]
    public async Task A_value_that_is_none_is_refused_with_its_field(string body, string field)
    {
        var business = await BusinessCase.NewAsync(portal);

        using var answer = await business.Owner.Client.PostAsync(business.Values, new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(field);
    }

    [Fact]
    public async Task A_kpi_that_is_not_there_takes_no_value_and_a_date_that_is_none_is_refused()
    {
        var business = await BusinessCase.NewAsync(portal);
        var unknown = business.Values.Replace(business.Kpi, Guid.NewGuid().ToString("n"), StringComparison.Ordinal);

        using var lost = await business.Owner.Client.PostAsJsonAsync(unknown, new { date = "2024-01-08", value = 0.1 });
        using var noDate = await business.Owner.Client.PutAsJsonAsync(business.Values + "/yesterday", new { value = 0.1 });

        lost.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        noDate.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
