namespace MlOpsPortal.Tracking.LoggedModels;

public sealed class LoggedModelRulesTests
{
    [Theory]
    [InlineData("""[{"name": "a", "version": 1}, {"name": "a", "version": "1"}]""", """[{"name": "a", "version": 1}]""")]
    [InlineData("""[{"name":"a","version":"1"},{"name":"b","version":"1"}]""", """[{"name":"a","version":"1"}, {"name":"b","version":"1"}]""")]
    [InlineData("[]", "[]")]
    [InlineData("somebody's own words", "somebody's own words")]
    [InlineData("""{"name": "a"}""", """{"name": "a"}""")]
    public void A_version_stands_once_in_the_list_of_versions(string given, string kept) => LoggedModelRules.WithoutDoubles(given).Replace(" ", "", StringComparison.Ordinal).ShouldBe(kept.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void A_version_is_added_once()
    {
        var once = LoggedModelRules.WithoutDoubles("", ("churn", "3"));

        once.ShouldBe("""[{"name":"churn","version":"3"}]""");
        LoggedModelRules.WithoutDoubles(once, ("churn", "3")).ShouldBe(once);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a.b")]
    [InlineData("100%")]
    [InlineData("a\"b")]
    [InlineData("it's")]
    public void A_name_that_would_break_a_path_is_refused(string name) => LoggedModelRules.CheckName(name).ShouldNotBeNull().Code.ShouldBe("tracking.logged_model_name");

    [Fact]
    public void Of_a_key_that_stands_twice_the_last_value_counts() =>
        LoggedModelRules.LastOfEach([new("a", "1"), new("b", "2"), new("a", "3")]).ShouldBe([new("a", "3"), new("b", "2")]);
}
