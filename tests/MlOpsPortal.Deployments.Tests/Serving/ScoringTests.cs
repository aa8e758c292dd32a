using System.Text.Json;

namespace MlOpsPortal.Deployments.Tests.Serving;

public sealed class ScoringTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("breast_cancer", "lightgbm")]
    [InlineData("breast_cancer", "logistic")]
    [InlineData("breast_cancer", "random_forest")]
    [InlineData("adult", "lightgbm")]
    [InlineData("adult", "logistic")]
    [InlineData("diabetes", "ridge")]
    public async Task Both_formats_answer_one_row_and_many_as_the_sample_publishes(string folder, string name)
    {
        var model = folder switch { "adult" => TestModel.Adult(name), "diabetes" => TestModel.Diabetes(name), _ => TestModel.BreastCancer(name) };
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(model, "sample");
        var rows = model.Rows(100);
        var published = model.Published(name);

        var (status, many) = await portal.PostAsync("/api/v1/endpoints/sample/score", TestModel.Request(rows));
        status.ShouldBe(200, many.ToString());
        var property = folder == "diabetes" ? "prediction" : "probability";
        var answers = many.GetProperty("predictions").EnumerateArray().Select(item => item.GetProperty(property).GetDouble()).ToArray();
        answers.Length.ShouldBe(rows.Length);
        for (var row = 0; row < rows.Length; row++)
            answers[row].ShouldBe(published[row], 1e-5 * Math.Max(1, Math.Abs(published[row])));

        for (var row = 0; row < 10; row++)
        {
            var (_, one) = await portal.PostAsync("/api/v1/endpoints/sample/score", TestModel.Request(rows[row]));
            one.GetProperty("predictions")[0].GetProperty(property).GetDouble().ShouldBe(published[row], 1e-5 * Math.Max(1, Math.Abs(published[row])));
            var (_, oip) = await portal.PostAsync("/v2/models/sample/infer", Oip(model, rows[row]));
            oip.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble().ShouldBe(published[row], 1e-5 * Math.Max(1, Math.Abs(published[row])), oip.ToString());
        }
    }

    [Fact]
    public async Task The_protocol_takes_one_tensor_named_as_the_models_input()
    {
        var model = TestModel.BreastCancer("logistic");
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(model, "tensor", number: 7);
        var rows = model.Rows(3).Select(row => JsonDocument.Parse(row).RootElement.EnumerateObject().Select(property => property.Value.GetRawText()).ToArray()).ToArray();
        var input = model.Contract.Features[0].Input;

        var flat = string.Join(",", rows.SelectMany(row => row));
        var nested = string.Join(",", rows.Select(row => $"[{string.Join(",", row)}]"));
        var (_, one) = await portal.PostAsync("/v2/models/tensor/infer", $$"""{"inputs":[{"data":[{{flat}}],"name":"{{input}}","shape":[3,30],"datatype":"FP32"}],"id":"abc"}""");
        var (status, two) = await portal.PostAsync("/v2/models/tensor/versions/7/infer", $$"""{"inputs":[{"name":"{{input}}","shape":[3,30],"datatype":"FP32","data":[{{nested}}]}]}""");

        status.ShouldBe(200, two.ToString());
        one.GetProperty("id").GetString().ShouldBe("abc");
        one.GetProperty("model_name").GetString().ShouldBe("tensor");
        one.GetProperty("model_version").GetString().ShouldBe("7");
        one.GetProperty("outputs").ToString().ShouldBe(two.GetProperty("outputs").ToString());
        one.GetProperty("outputs")[0].GetProperty("shape")[0].GetInt32().ShouldBe(3);
        one.GetProperty("outputs")[1].GetProperty("datatype").GetString().ShouldBe("BYTES");
        one.GetProperty("parameters").GetProperty("prediction_ids").GetArrayLength().ShouldBe(3);
        one.GetProperty("outputs")[0].GetProperty("data")[2].GetDouble().ShouldBe(model.Published("logistic")[2], 1e-5);
    }

    [Fact]
    public async Task Metadata_and_health_follow_the_protocol()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(TestModel.Adult(), "meta");

        var metadata = JsonDocument.Parse(await portal.Http.GetStringAsync("/v2/models/meta", Stop)).RootElement;
        metadata.GetProperty("name").GetString().ShouldBe("meta");
        metadata.GetProperty("versions")[0].GetString().ShouldBe("1");
        metadata.GetProperty("platform").GetString().ShouldBe("onnx_onnxv1");
        metadata.GetProperty("inputs").GetArrayLength().ShouldBe(13);
        metadata.GetProperty("inputs").EnumerateArray().Single(input => input.GetProperty("name").GetString() == "workclass").GetProperty("datatype").GetString().ShouldBe("BYTES");
        (await portal.Http.GetStringAsync("/v2/models/meta/ready", Stop)).ShouldContain("true");
        (await portal.Http.GetStringAsync("/v2", Stop)).ShouldContain("mlopsportal");
        portal.Http.DefaultRequestHeaders.Clear();
        (await portal.Http.GetStringAsync("/v2/health/live", Stop)).ShouldBe("""{"live":true}""");
        (await portal.Http.GetStringAsync("/v2/health/ready", Stop)).ShouldBe("""{"ready":true}""");
        ((int)(await portal.Http.GetAsync("/v2/models/meta", Stop)).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Another_tenants_endpoint_and_a_hidden_one_read_like_one_that_is_not_there()
    {
        await using var portal = await TestPortal.StartAsync();
        var model = TestModel.Diabetes();
        await portal.ServeAsync(model, "secret");
        var request = TestModel.Request(model.Rows(1));

        portal.SignIn(new(new(Guid.CreateVersion7()), TestPortal.Caller.User, "Eve"));
        var foreign = await portal.PostAsync("/api/v1/endpoints/secret/score", request);
        var foreignOip = await portal.PostAsync("/v2/models/secret/infer", request);
        portal.SignIn(TestPortal.Caller);
        portal.Permissions.Hidden[TestModel.Project.Scope] = true;
        var hidden = await portal.PostAsync("/api/v1/endpoints/secret/score", request);
        var absent = await portal.PostAsync("/api/v1/endpoints/absent/score", request);

        foreach (var (status, body) in new[] { foreign, hidden, absent })
        {
            status.ShouldBe(404);
            body.GetProperty("code").GetString().ShouldBe("deployments.no_endpoint");
        }

        foreignOip.Status.ShouldBe(404);
        foreignOip.Body.GetProperty("error").GetString().ShouldBe("There is no endpoint \"secret\".");
    }

    [Fact]
    public async Task Who_may_not_score_is_told_so()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(TestModel.Diabetes(), "guarded");
        portal.SignIn(TestPortal.Caller with { Name = "viewer" });
        (await portal.PostAsync("/api/v1/endpoints/guarded/score", """{"rows":[]}""")).Status.ShouldBe(403);
    }

    private static string Oip(TestModel model, string row)
    {
        var values = JsonDocument.Parse(row).RootElement;
        var inputs = model.Contract.Features.Select(feature =>
        {
            var type = feature.Type switch { Models.Contracts.FeatureType.Text => "BYTES", Models.Contracts.FeatureType.Integer => "INT64", _ => "FP32" };
            return $$"""{"name":"{{feature.Name}}","shape":[1,1],"datatype":"{{type}}","data":[{{values.GetProperty(feature.Name).GetRawText()}}]}""";
        });
        return $$"""{"inputs":[{{string.Join(",", inputs)}}]}""";
    }
}
