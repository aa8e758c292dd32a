using MlOpsPortal.Tracking.Filtering;

namespace MlOpsPortal.Tracking.Tests.Filtering;

public sealed class SearchOrderTests
{
    [Fact]
    public void Keys_have_directions()
    {
        var order = SearchOrder.Parse(FilterSchemas.Runs, ["metrics.`my metric` desc", "params.x", "Created DESC", "attributes.status ASC", "tags.mlflow.user", "metrics.'a b'  DESC "]);

        order.Fault.ShouldBeNull();
        order.Terms.Select(term => $"{term.Entity} {term.Key} {term.Ascending}").ShouldBe(
            ["Metric my metric False", "Param x True", "Attribute start_time False", "Attribute status True", "Tag mlflow.user True", "Metric a b False"]);
    }

    [Theory]
    [InlineData("start_time ASC NULLS LAST", "Invalid order_by clause 'start_time ASC NULLS LAST'. Could not be parsed.")]
    [InlineData("", "Invalid order_by clause ''. Could not be parsed.")]
    [InlineData("metrics.a,metrics.b", "Invalid order_by clause 'metrics.a,metrics.b'. Could not be parsed.")]
    [InlineData("status foo", "Invalid ordering key in order_by clause 'status foo'.")]
    [InlineData("foo.bar", "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("dataset.name", "Invalid identifier type 'dataset'")]
    [InlineData("metrics.a-b", "Invalid order_by clause 'metrics.a-b'. Could not be parsed.")]
    [InlineData("`Run Name` ASC", "Invalid attribute key 'Run Name' specified. Valid keys are '{'Created', 'artifact_uri', 'created', 'end_time', 'run_id', 'run_name', 'start_time', 'status', 'user_id'}'")]
    public void What_cannot_be_sorted_by_is_refused_in_MLflows_words(string item, string message) =>
        SearchOrder.Parse(FilterSchemas.Runs, ["start_time", item]).Fault.ShouldNotBeNull().ShouldSatisfyAllConditions(
            fault => fault.Item.ShouldBe(1),
            fault => fault.Fault.Message.ShouldBe(message));

    [Fact]
    public void A_key_twice_is_refused_where_MLflow_fails_and_counts_once_where_it_does_not()
    {
        SearchOrder.Parse(FilterSchemas.Runs, ["created", "start_time DESC"]).Fault!.Fault.Message.ShouldBe("`order_by` contains duplicate fields: ['created', 'start_time DESC']");
        SearchOrder.Parse(FilterSchemas.Experiments, ["name DESC", "name"]).Terms.ShouldHaveSingleItem().Ascending.ShouldBeFalse();
    }

    [Fact]
    public void Each_list_has_keys_of_its_own()
    {
        SearchOrder.Parse(FilterSchemas.RegisteredModels, ["timestamp DESC", "name"]).Terms.Select(term => term.Key).ShouldBe(["last_updated_timestamp", "name"]);
        SearchOrder.Parse(FilterSchemas.RegisteredModels, ["tags.a"]).Fault!.Fault.Message.ShouldBe("Invalid order by key 'tags.a' specified. Valid keys are '{'name', 'timestamp'}'");
        SearchOrder.Parse(FilterSchemas.ModelVersions, ["version_number DESC", "creation_timestamp"]).Fault.ShouldBeNull();
        SearchOrder.Parse(FilterSchemas.Experiments, ["tags.a"]).Fault!.Fault.Message.ShouldBe("Invalid order_by entity: tag");
        SearchOrder.ParseKey(FilterSchemas.LoggedModels, "metrics.rmse", ascending: false).Terms.ShouldHaveSingleItem().Key.ShouldBe("rmse");
        SearchOrder.ParseKey(FilterSchemas.LoggedModels, "creation_time", ascending: true).Terms.ShouldHaveSingleItem().Key.ShouldBe("creation_timestamp_ms");
        SearchOrder.ParseKey(FilterSchemas.LoggedModels, "params.a", ascending: true).Fault!.Fault.Message.ShouldBe("Invalid order by field name: params.a. Only metrics are supported.");
    }
}
