using System.Text;
using System.Text.Json;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Deployments.Tests.Serving;

/// <summary>What a request may not be, and what each is told. One portal for all: refusing changes nothing.</summary>
public sealed class ValidationTests(ValidationTests.Portal shared) : IClassFixture<ValidationTests.Portal>
{
    private const string Good = """{"radius":1.5,"count":3,"town":"Ulm","member":true}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public sealed class Portal : IAsyncLifetime
    {
        internal TestPortal It { get; private set; } = null!; // set before the first test

        public async ValueTask InitializeAsync()
        {
            It = await TestPortal.StartAsync();
            await It.ServeAsync(Mixed(), "mixed");
            await It.ServeAsync(TestModel.BreastCancer("logistic"), "numbers");
        }

        public ValueTask DisposeAsync() => It.DisposeAsync();
    }

    /// <summary>A little of every type: a nullable number, a whole number, a text, a truth value. Its answer is the number.</summary>
    internal static TestModel Mixed()
    {
        var features = new[]
        {
            new ContractFeature("radius", FeatureType.Number, true, "radius", 0), new ContractFeature("count", FeatureType.Integer, false, "count", 0),
            new ContractFeature("town", FeatureType.Text, false, "town", 0), new ContractFeature("member", FeatureType.Boolean, false, "member", 0),
        };
        return TestModel.Of(TestModels.Mixed(), new ModelContract(Projects.Problem.MlTask.Regression, "y", null, new ContractOutput("answer", 0, null), [.. features], null));
    }

    [Theory]
    [InlineData("""{"radius":1.5,"count":3,"town":"Ulm"}""", "rows[0].member", "deployments.value_missing")]
    [InlineData("""{"radius":1.5,"count":3,"town":"Ulm","member":true,"extra":1}""", "rows[0].extra", "deployments.value_extra")]
    [InlineData("""{"radius":"1.5","count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_type")]
    [InlineData("""{"radius":true,"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_type")]
    [InlineData("""{"radius":[1],"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_type")]
    [InlineData("""{"radius":{"a":{}},"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_type")]
    [InlineData("""{"radius":"NaN","count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_type")]
    [InlineData("""{"radius":NaN,"count":3,"town":"Ulm","member":true}""", "$", "deployments.json")]
    [InlineData("""{"radius":1e999,"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_range")]
    [InlineData("""{"radius":1e39,"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_range")]
    [InlineData("""{"radius":1,"count":null,"town":"Ulm","member":true}""", "rows[0].count", "deployments.value_null")]
    [InlineData("""{"radius":1,"count":3.5,"town":"Ulm","member":true}""", "rows[0].count", "deployments.value_whole")]
    [InlineData("""{"radius":1,"count":1e300,"town":"Ulm","member":true}""", "rows[0].count", "deployments.value_range")]
    [InlineData("""{"radius":1,"count":99999999999999999999,"town":"Ulm","member":true}""", "rows[0].count", "deployments.value_range")]
    [InlineData("""{"radius":1,"count":3,"town":null,"member":true}""", "rows[0].town", "deployments.value_null")]
    [InlineData("""{"radius":1,"count":3,"town":7,"member":true}""", "rows[0].town", "deployments.value_type")]
    [InlineData("""{"radius":1,"count":3,"town":"a\u0000b","member":true}""", "rows[0].town", "deployments.value_text")]
    [InlineData("""{"radius":1,"count":3,"town":"\ud800","member":true}""", "rows[0].town", "deployments.value_text")]
    [InlineData("""{"radius":1,"count":3,"town":"Ulm","member":1}""", "rows[0].member", "deployments.value_type")]
    [InlineData("""{"radius":1,"radius":2,"count":3,"town":"Ulm","member":true}""", "rows[0].radius", "deployments.value_twice")]
    [InlineData("""{"radius":1,"count":3,"town":"Ulm","member":true,}""", "$", "deployments.json")]
    [InlineData("""[1,2,3]""", "rows[0]", "deployments.value_type")]
    [InlineData("""{"radius":1,"count":3,"town":"Ulm","member":true,"\ud800":1}""", "rows[0].?", "deployments.value_extra")]
    public async Task A_row_that_is_not_as_the_contract_says_is_refused_by_feature_and_row(string row, string field, string code)
    {
        var (status, body) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", $"{{\"rows\":[{row}]}}");

        status.ShouldBe(400, body.ToString());
        var fault = body.GetProperty("errors").EnumerateArray().First();
        fault.GetProperty("field").GetString().ShouldBe(field);
        fault.GetProperty("code").GetString().ShouldBe(code);
        fault.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("""{}""", "rows", "required")]
    [InlineData("""{"rows":{}}""", "rows", "deployments.value_type")]
    [InlineData("""{"rows":[],"rows":[]}""", "rows", "deployments.value_twice")]
    [InlineData("""{"rows":[],"raws":[]}""", "raws", "deployments.property_unknown")]
    [InlineData("""{"rows":[]} x""", "$", "deployments.json")]
    [InlineData("""{"rows":[]""", "$", "deployments.json")]
    [InlineData("", "$", "deployments.json")]
    [InlineData("""{"rows":[],"predictionIds":["a"]}""", "predictionIds", "deployments.ids_count")]
    [InlineData("""{"rows":[],"predictionIds":["a b"]}""", "predictionIds", "deployments.id_form")]
    [InlineData("""{"rows":[],"occurredAt":"yesterday"}""", "occurredAt", "deployments.time_form")]
    [InlineData("""{"rows":[],"occurredAt":"1999-01-01T00:00:00Z"}""", "occurredAt", "deployments.time_range")]
    [InlineData("""{"rows":[],"occurredAt":"9999-12-31T23:59:59Z"}""", "occurredAt", "deployments.time_range")]
    public async Task A_body_that_is_no_request_is_refused_by_its_property(string request, string field, string code)
    {
        var (status, body) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", request);

        status.ShouldBe(400, body.ToString());
        var fault = body.GetProperty("errors").EnumerateArray().First();
        fault.GetProperty("field").GetString().ShouldBe(field);
        fault.GetProperty("code").GetString().ShouldBe(code);
    }

    [Theory]
    [InlineData("""{"radius":null,"count":3,"town":"","member":false}""")]
    [InlineData("""{"member":true,"town":"Ülm \"quoted\"","count":3.0,"radius":1e-300}""")]
    [InlineData("""{"r\u0061dius":1.5,"count":-9007199254740993,"town":"\ud83d\ude00","member":true}""")]
    public async Task What_the_contract_allows_is_scored(string row)
    {
        var (status, body) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", $"{{\"rows\":[{row}]}}");
        if (row.Contains("null", StringComparison.Ordinal))
        {
            // This model hands the number on, and no answer may be NaN: the null reached it as one.
            status.ShouldBe(422);
            body.GetProperty("code").GetString().ShouldBe("deployments.not_finite");
            return;
        }

        status.ShouldBe(200, body.ToString());
    }

    [Fact]
    public async Task Several_faults_are_told_at_once_with_their_rows()
    {
        var (_, body) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", $$"""{"rows":[{{Good}},{"radius":"x","count":1.5,"town":"Ulm","member":true},{"town":"Ulm"}]}""");

        body.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("field").GetString())
            .ShouldBe(["rows[1].radius", "rows[1].count", "rows[2].radius", "rows[2].count", "rows[2].member"]);
    }

    [Fact]
    public async Task A_tensor_of_another_width_or_count_or_type_is_refused_in_the_protocols_words()
    {
        var input = TestModel.BreastCancer("logistic").Contract.Features[0].Input;
        foreach (var (columns, data, type, expected) in new[]
        {
            (29, 29, "FP32", "29 values per row; it should have 30"), (31, 31, "FP32", "31 values per row; it should have 30"),
            (30, 29, "FP32", "The shape says 30 values, the data hold 29"), (30, 31, "FP32", "The shape says 30 values, the data hold 31"), (30, 30, "BYTES", "BYTES does not fit"),
        })
        {
            var values = string.Join(",", Enumerable.Repeat("1.5", data));
            var (status, body) = await shared.It.PostAsync("/v2/models/numbers/infer", $$"""{"inputs":[{"name":"{{input}}","shape":[1,{{columns}}],"datatype":"{{type}}","data":[{{values}}]}]}""");
            status.ShouldBe(400);
            body.GetProperty("error").GetString()!.ShouldContain(expected);
        }

        var (missing, missingBody) = await shared.It.PostAsync("/v2/models/mixed/infer", """{"inputs":[{"name":"radius","shape":[1,1],"datatype":"FP64","data":[1]}]}""");
        missing.ShouldBe(400);
        missingBody.GetProperty("error").GetString()!.ShouldContain("town: The feature is missing.");
    }

    [Fact]
    public async Task No_rows_are_an_empty_answer_and_too_many_are_too_large()
    {
        var (status, body) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", """{"rows":[]}""");
        status.ShouldBe(200);
        body.GetProperty("predictions").GetArrayLength().ShouldBe(0);

        (await shared.It.PostAsync("/api/v1/endpoints/mixed/score", TestModel.Request(Enumerable.Repeat(Good, 10_000)))).Status.ShouldBe(200);
        var (tooMany, refusal) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", TestModel.Request(Enumerable.Repeat(Good, 10_001)));
        tooMany.ShouldBe(413);
        refusal.GetProperty("code").GetString().ShouldBe("deployments.too_many_rows");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_415(string type) =>
        (await shared.It.PostAsync("/api/v1/endpoints/mixed/score", $"{{\"rows\":[{Good}]}}", type)).Status.ShouldBe(415);

    [Fact]
    public async Task A_compressed_body_is_415_and_a_large_one_413_announced_or_not()
    {
        using var zipped = new StringContent("x", Encoding.UTF8, "application/json");
        zipped.Headers.ContentEncoding.Add("gzip");
        ((int)(await shared.It.Http.PostAsync("/api/v1/endpoints/mixed/score", zipped, Stop)).StatusCode).ShouldBe(415);

        var large = "{\"rows\":[" + new string(' ', 8 * 1024 * 1024) + "]}";
        (await shared.It.PostAsync("/api/v1/endpoints/mixed/score", large)).Status.ShouldBe(413);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v2/models/mixed/infer") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large))) };
        chunked.Content.Headers.ContentType = new("application/json");
        chunked.Headers.TransferEncodingChunked = true;
        ((int)(await shared.It.Http.SendAsync(chunked, Stop)).StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Depth_does_not_hurt()
    {
        var deep = "{\"rows\":[{\"radius\":" + new string('[', 100_000) + new string(']', 100_000) + "}]}";
        (await shared.It.PostAsync("/api/v1/endpoints/mixed/score", deep)).Status.ShouldBe(400);
        (await shared.It.PostAsync("/v2/models/mixed/infer", "{\"inputs\":[{\"data\":" + new string('[', 1000) + new string(']', 1000) + "}]}")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Callers_ids_and_time_come_back_and_are_logged_once()
    {
        var occurred = DateTimeOffset.UtcNow.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var request = $$"""{"predictionIds":["order-1","order-2"],"occurredAt":"{{occurred}}","rows":[{{Good}},{{Good}}]}""";
        var (_, first) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", request);
        var (_, again) = await shared.It.PostAsync("/api/v1/endpoints/mixed/score", request);

        first.GetProperty("predictions").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ShouldBe(["order-1", "order-2"]);
        first.GetProperty("occurredAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse(occurred, System.Globalization.CultureInfo.InvariantCulture));
        again.ToString().ShouldBe(first.ToString());
        await shared.It.UntilAsync("SELECT count(*) FROM monitoring.predictions WHERE prediction_id LIKE 'order-%'", 2);
        var features = await shared.It.AskAsync<string>("SELECT features::text FROM monitoring.predictions WHERE prediction_id = 'order-1'");
        JsonDocument.Parse(features).RootElement.GetProperty("town").GetString().ShouldBe("Ulm");
        JsonDocument.Parse(features).RootElement.GetProperty("member").GetBoolean().ShouldBeTrue();
        (await shared.It.AskAsync<int>("SELECT version FROM monitoring.predictions WHERE prediction_id = 'order-1'")).ShouldBe(1);
    }
}
