using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;

namespace MlOpsPortal.MlflowApi;

/// <summary>What protobuf's JSON tolerates is read; what it does not is refused with the field's name.</summary>
public sealed class MlflowFieldsTests
{
    [Theory]
    [InlineData("""{"start_time": 17}""")]
    [InlineData("""{"start_time": "17"}""")]
    [InlineData("""{"start_time": 17.0}""")]
    [InlineData("""{"startTime": 17}""")]
    public void A_whole_number_comes_as_number_or_text(string body)
    {
        var fields = Of(body);

        fields.Int64("start_time").ShouldBe(17);
        fields.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"start_time": "soon"}""")]
    [InlineData("""{"start_time": 1.5}""")]
    [InlineData("""{"start_time": true}""")]
    [InlineData("""{"start_time": 99999999999999999999}""")]
    public void What_is_no_whole_number_is_refused(string body)
    {
        var fields = Of(body);

        fields.Int64("start_time").ShouldBeNull();
        fields.Fault!.Args[0].ShouldBe("start_time");
    }

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("1e-3", 0.001)]
    [InlineData("\"2\"", 2.0)]
    public void Doubles_come_as_numbers_or_words(string value, double expected) => Of($$"""{"value": {{value}}}""").Double("value").ShouldBe(expected);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name": null}""")]
    [InlineData("""{"name": ""}""")]
    [InlineData("[1]")]
    public void What_is_required_must_be_there_and_hold_something(string body)
    {
        var fields = Of(body);

        fields.Required("name").ShouldBe("");
        ShouldMiss(fields, "name");
    }

    [Fact]
    public void A_fault_within_names_its_place()
    {
        var fields = Of("""{"tags": [{"key": "a", "value": "b"}, {"value": "c"}]}""");

        fields.Pairs("tags").Length.ShouldBe(2);
        ShouldMiss(fields, "tags[1].key");
    }

    [Theory]
    [InlineData("""{"name": "\ud800"}""")]
    [InlineData("""{"name": "a\u0000b"}""")]
    public void Text_that_no_database_keeps_is_refused(string body)
    {
        var fields = Of(body);

        fields.Text("name");
        fields.Fault.ShouldNotBeNull();
    }

    private static void ShouldMiss(MlflowFields fields, string name)
    {
        fields.Fault.ShouldNotBeNull().Code.ShouldBe("mlflow.missing");
        fields.Fault.Args.ShouldBe([name]);
    }

    private static MlflowFields Of(string body)
    {
        using var document = JsonDocument.Parse(body);
        return MlflowFields.Of(document.RootElement.Clone());
    }
}
