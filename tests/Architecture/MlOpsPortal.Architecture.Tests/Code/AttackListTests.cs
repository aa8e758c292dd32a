using System.Text.RegularExpressions;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Architecture.Code;

/// <summary>docs/security/attacks.md names tests: each is there under that name.</summary>
public sealed partial class AttackListTests
{
    private static readonly string List = Path.Combine(Repository.Root, "docs", "security", "attacks.md");

    private static readonly ILookup<string, string> Sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText, StringComparer.Ordinal);

    [Fact]
    public void Every_test_that_the_list_names_is_there() => Missing(File.ReadLines(List)).ShouldBeEmpty();

    [Fact]
    public void A_test_that_is_not_there_is_found() =>
        Missing(["Access `SignInTests.Nobody_signs_in`, `.Nobody_at_all`; Web `NoSuchTests`"]).ShouldBe(["SignInTests.Nobody_signs_in", "SignInTests.Nobody_at_all", "NoSuchTests"]);

    [Fact]
    public void Every_attack_from_1_to_64_stands_in_the_list_once() =>
        File.ReadLines(List).Select(line => Numbers().Match(line)).Where(match => match.Success).SelectMany(match => match.Groups["numbers"].Value.Split(", ")).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
            .Order().ShouldBe(Enumerable.Range(1, 64));

    private static List<string> Missing(IEnumerable<string> lines)
    {
        var missing = new List<string>();
        foreach (var line in lines)
        {
            var of = "";
            foreach (Match name in Names().Matches(line))
            {
                of = name.Groups["class"].Value is { Length: > 0 } named ? named : of;
                var method = name.Groups["method"].Value;
                if (!Sources.Contains(of) || (method.Length > 0 && !Sources[of].Any(source => source.Contains($" {method}(", StringComparison.Ordinal))))
                    missing.Add(method.Length > 0 ? $"{of}.{method}" : of);
            }
        }

        return missing;
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)?(\.(?<method>[A-Z]\w+))?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"^\| (?<numbers>\d+(, \d+)*) \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbers();
}
