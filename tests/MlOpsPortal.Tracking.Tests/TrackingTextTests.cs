namespace MlOpsPortal.Tracking;

public sealed class TrackingTextTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b c.d-e_f:g")]
    [InlineData("über")]
    [InlineData("a..b")]
    public void A_name_may_look_like_a_path_below(string name) => TrackingText.CheckKey("key", name).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("../a")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a$")]
    public void A_name_that_would_be_another_file_is_refused(string name) => TrackingText.CheckKey("key", name).ShouldNotBeNull();

    [Fact]
    public void A_name_has_250_characters_at_most()
    {
        TrackingText.CheckKey("key", new string('x', 250)).ShouldBeNull();
        TrackingText.CheckKey("key", new string('x', 251)).ShouldNotBeNull();
    }

    [Fact]
    public void A_value_is_never_cut_through_a_character() => TrackingText.Cut("ab\U0001F600c", 3).ShouldBe("ab");
}
