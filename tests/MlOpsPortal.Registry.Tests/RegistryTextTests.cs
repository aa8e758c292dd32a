namespace MlOpsPortal.Registry;

public sealed class RegistryTextTests
{
    [Theory]
    [InlineData("churn")]
    [InlineData("Churn model (v2) – ümlaut %2F #1")]
    public void A_name_may_hold_what_can_be_seen(string name) => RegistryText.CheckName("name", name).ShouldBeNull();

    [Theory]
    [InlineData("", "registry.required")]
    [InlineData("  ", "registry.required")]
    [InlineData("a/b", "registry.model_name")]
    [InlineData("a:b", "registry.model_name")]
    [InlineData("..", "registry.path")]
    [InlineData("a\nb", "registry.unseen")]
    [InlineData("a\u202Eb", "registry.unseen")]
    public void A_name_that_misleads_is_refused(string name, string code) => RegistryText.CheckName("name", name)!.Code.ShouldBe(code);

    [Fact]
    public void Lengths_have_bounds()
    {
        RegistryText.CheckName("name", new string('x', 5_000))!.Code.ShouldBe("registry.too_long");
        RegistryText.CheckTag("k", new string('x', 100_001))!.Code.ShouldBe("registry.too_long");
        RegistryText.CheckTag(new string('k', 251), "")!.Code.ShouldBe("registry.too_long");
    }

    [Theory]
    [InlineData("a.b/c d:e-f_1", null)]
    [InlineData("a#b", "registry.characters")]
    [InlineData("a//b", "registry.path")]
    [InlineData("../a", "registry.path")]
    [InlineData("/a", "registry.path")]
    [InlineData("a/", "registry.path")]
    [InlineData(".", "registry.path")]
    public void A_key_is_a_path_that_stays_where_it_is(string key, string? code) => RegistryText.CheckKey(key)?.Code.ShouldBe(code);

    [Theory]
    [InlineData("champion", null)]
    [InlineData("Latest", "registry.alias_latest")]
    [InlineData("v12", "registry.alias_version")]
    [InlineData("V1", "registry.alias_version")]
    [InlineData("v1a", null)]
    public void An_alias_does_not_read_like_a_version(string alias, string? code) => RegistryText.CheckReserved(alias)?.Code.ShouldBe(code);
}
