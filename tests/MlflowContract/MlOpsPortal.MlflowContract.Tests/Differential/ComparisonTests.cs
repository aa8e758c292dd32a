using System.Text.Json.Nodes;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>The judge itself: what it calls different, and what not.</summary>
public sealed class ComparisonTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly Call Get = CallFiles.Parse("file", "# get\nGET runs/get?run_id=${run}\n= 200").Single();

    [Fact]
    public void Ids_times_of_now_addresses_tokens_and_generated_names_may_differ()
    {
        var theirs = Answer("""{"run": {"run_id": "11111111111111111111111111111111", "experiment_id": "7", "uri": "mlflow-artifacts:/7/11111111111111111111111111111111/artifacts", "run_name": "calm-bird-12", "start_time": 1767225600001}, "next_page_token": "abc"}""", ("run", "run.run_id"), ("exp", "run.experiment_id"));
        var ours = Answer("""{"run": {"experiment_id": "22222222222222222222222222222222", "run_id": "33333333333333333333333333333333", "run_name": "bright-sea-7", "start_time": 1767225999999, "uri": "mlflow-artifacts:/22222222222222222222222222222222/33333333333333333333333333333333/artifacts"}, "next_page_token": "x.y"}""", ("run", "run.run_id"), ("exp", "run.experiment_id"));

        Comparison.Of(Get, theirs, ours, null, Now).Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 2}""")]
    [InlineData("""{"a": 1}""", """{"a": "1"}""")]
    [InlineData("""{"a": 1}""", """{"a": 1, "b": null}""")]
    [InlineData("""{"start_time": 1700000000000}""", """{"start_time": 1700000000001}""")]
    [InlineData("""{"runs": [1, 2]}""", """{"runs": [2, 1]}""")]
    [InlineData("""{"run_name": "mine"}""", """{"run_name": "calm-bird-12"}""")]
    [InlineData("""{"experiment_id": "0"}""", """{"experiment_id": "1"}""")]
    public void A_difference_in_a_body_is_one(string theirs, string ours) =>
        Comparison.Of(Get, Answer(theirs), Answer(ours), null, Now).Fault.ShouldNotBeNull();

    [Fact]
    public void A_number_is_the_same_with_and_without_a_point() =>
        Comparison.Of(Get, Answer("""{"a": 7.0, "b": 0.1}"""), Answer("""{"a": 7, "b": 1e-1}"""), null, Now).Fault.ShouldBeNull();

    [Fact]
    public void The_order_of_tags_is_none() =>
        Comparison.Of(Get, Answer("""{"tags": [{"key": "a"}, {"key": "b"}]}"""), Answer("""{"tags": [{"key": "b"}, {"key": "a"}]}"""), null, Now).Fault.ShouldBeNull();

    [Fact]
    public void Another_status_and_another_error_code_are_different_and_a_message_is_not()
    {
        var theirs = Answer("""{"error_code": "BAD_REQUEST", "message": "one", "sqlstate": "x"}""") with { Status = 400 };

        Comparison.Of(Get, theirs, Answer("""{"error_code": "BAD_REQUEST", "message": "two"}""") with { Status = 400 }, null, Now).Fault.ShouldBeNull();
        Comparison.Of(Get, theirs, Answer("""{"error_code": "BAD_REQUEST", "message": "two"}""") with { Status = 404 }, null, Now).Fault.ShouldNotBeNull();
        Comparison.Of(Get, theirs, Answer("""{"error_code": "NOT_FOUND", "message": "two"}""") with { Status = 400 }, null, Now).Fault.ShouldNotBeNull();
        Comparison.Of(Get, theirs, Answer("""{"error_code": "BAD_REQUEST"}""") with { Status = 400 }, null, Now).Fault.ShouldNotBeNull();
    }

    [Fact]
    public void An_improvement_is_what_it_is_listed_as_and_no_longer_listed_once_it_is_none()
    {
        var (theirs, ours) = (Answer("{}") with { Status = 500 }, Answer("""{"error_code": "BAD_REQUEST", "message": "no"}""") with { Status = 400 });
        var listed = new Improvement(Get.Title, "400 BAD_REQUEST", "a caller's mistake is no fault of the server");

        Comparison.Of(Get, theirs, ours, listed, Now).Fault.ShouldBeNull();
        Comparison.Of(Get, theirs, ours with { Status = 404 }, listed, Now).Fault.ShouldNotBeNull();
        Comparison.Of(Get, theirs, theirs, listed, Now).Fault.ShouldNotBeNull();
    }

    [Fact]
    public void A_call_whose_id_was_not_kept_is_a_fault() =>
        Comparison.Of(Get, Answer("{}"), Answer("{}") with { Missing = "${run}" }, null, Now).Fault.ShouldNotBeNull();

    [Fact]
    public void Long_bodies_are_written_in_short()
    {
        JsonNode.Parse(CallFiles.Expand("""{"a": [@metrics(3)], "b": "@x(5)", "c": "a@x.example"}""")).ShouldNotBeNull().ToJsonString().ShouldBe(
            """{"a":[{"key":"m0000","value":0,"timestamp":1700000000000,"step":0},{"key":"m0001","value":1,"timestamp":1700000000000,"step":1},{"key":"m0002","value":2,"timestamp":1700000000000,"step":2}],"b":"xxxxx","c":"a@x.example"}""");
    }

    private static Answer Answer(string body, params (string Variable, string Path)[] kept)
    {
        var (json, variables) = (JsonNode.Parse(body), new Variables());
        foreach (var (variable, path) in kept)
            variables.Keep(new Kept(variable, path), JsonPath.Find(json, path).ShouldNotBeNull().ToString());
        return new Answer(200, body, json, variables);
    }
}
