using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Audit.Trail;

namespace MlOpsPortal.Audit.Tests.Trail;

public sealed class TrailChangeTests
{
    [Fact]
    public void Of_two_objects_only_what_differs_is_listed() =>
        Changes("""{"before":{"name":"Visits","target":{"value":4,"unit":"%"}},"after":{"name":"Visits","target":{"value":5,"unit":"%"},"note":"new"}}""")
            .ShouldBe([new("target.value", "4", "5", true), new("note", null, "new", true)]);

    [Fact]
    public void Both_sides_of_a_list_stand_beside_each_other() =>
        Changes("""{"before":["viewer"],"after":["viewer","dataScientist"]}""").ShouldBe([new("", "viewer", "viewer, dataScientist", true)]);

    [Fact]
    public void A_property_with_its_earlier_value_is_one_change() =>
        Changes("""{"nameBefore":"Old","name":"New","summaryBefore":"same","summary":"same"}""").ShouldBe([new("name", "Old", "New", true)]);

    [Fact]
    public void From_and_to_are_a_change_and_what_stands_beside_is_a_fact() =>
        Changes("""{"from":3,"to":2,"reason":"slow"}""").ShouldBe([new("", "3", "2", true), new("reason", null, "slow", false)]);

    [Fact]
    public void What_came_into_being_has_no_before_and_what_was_removed_no_after()
    {
        Changes("""{"before":null,"after":{"name":"Visits"}}""").ShouldBe([new("name", null, "Visits", true)]);
        Changes("""{"before":{"name":"Visits"}}""").ShouldBe([new("name", "Visits", null, true)]);
    }

    [Fact]
    public void The_later_side_may_bear_another_word() =>
        Changes("""{"before":[1],"expectations":[1,2]}""").ShouldBe([new("", "1", "1, 2", true)]);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"note":null}""")]
    public void An_event_that_says_nothing_has_no_change(string detail) => Changes(detail).ShouldBeEmpty();

    private static ImmutableArray<TrailChange> Changes(string detail) => TrailChange.Of(JsonElement.Parse(detail));
}
