namespace MlOpsPortal.Tracking.Runs;

public sealed class KeyNamesTests
{
    /// <summary>As PostgreSQL sorts by "C": U+1F600 stands behind U+E000, though its first half, D83D, is less.</summary>
    [Fact]
    public void Names_sort_by_their_bytes()
    {
        string[] names = ["b", "a/b", "\uE000", "\U0001F600", "Z", "", "ab", "a", "\U0001F601", "é", "a\U0001F600b", "a\uFFFDb"];

        var sorted = names.OrderBy(name => name, Comparer<string>.Create(KeyNames.Compare));

        sorted.ShouldBe(names.OrderBy(name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal));
    }

    [Fact]
    public void Values_of_a_run_come_by_name_and_one_without_a_name_is_left_out()
    {
        var names = KeyNames.Of([new(7, "beta"), new(9, "alpha"), new(8, null)]);

        names.Sort([(7, 0.5), (8, 1.0), (9, 2.0)], static (name, value) => $"{name}={value}").ShouldBe(["alpha=2", "beta=0.5"]);
    }
}
