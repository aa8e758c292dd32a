using FsCheck;
using FsCheck.Fluent;

namespace MlOpsPortal.Tracking.Artifacts;

public sealed class ArtifactPathTests
{
    /// <summary>Pieces that attacks and honest names are made of.</summary>
    private static readonly Gen<string> Raw = Gen.Elements(
        "..", ".", "/", "//", "\\", "%2e", "%2E", "%2f", "%2F", "%5c", "%25", "%252e", "%00", "%0a", "%", "%2", "a", "model", "MLmodel", "é", "%C3%A9", "e%CC%81", "%FF", " ", "+", "#", "?", ";", ":",
        "C:", "~", "%E2%80%AE", "con", "x.txt", "%20", "-").ArrayOf().Select(string.Concat);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("..")]
    [InlineData("a/./b")]
    [InlineData("%2e%2e%2fetc")]
    [InlineData("%2e%2e/etc")]
    [InlineData("a/%2E%2E/b")]
    [InlineData("%252e%252e%252fetc")]
    [InlineData("%25252e%25252e/etc")]
    [InlineData("..%5cwindows")]
    [InlineData("a%5C..%5Cb")]
    [InlineData("..;/etc")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc/passwd")]
    [InlineData("//host/share")]
    [InlineData("C:/windows")]
    [InlineData("c:")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/key")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a%00b")]
    [InlineData("a%0Ab")]
    [InlineData("a%7Fb")]
    [InlineData("gpj%E2%80%AEexe.txt")]
    [InlineData("%E2%81%A6hidden")]
    [InlineData("CON")]
    [InlineData("a/nul")]
    [InlineData("com1")]
    [InlineData("name.")]
    [InlineData("name%20")]
    [InlineData("%%32e%%32e/x")]
    [InlineData("%FF%FE")]
    [InlineData("%C0%AE%C0%AE/x")]
    [InlineData("%ED%A0%80")]
    public void What_could_lead_elsewhere_is_no_path(string raw) => ArtifactPath.Decode(raw).ShouldBeNull();

    [Theory]
    [InlineData("model/MLmodel", "model/MLmodel")]
    [InlineData("a%20b.txt", "a b.txt")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("100%25", "100%")]
    [InlineData("100%.txt", "100%.txt")]
    [InlineData("a%ZZ", "a%ZZ")]
    [InlineData("a%4", "a%4")]
    [InlineData("a%23b", "a#b")]
    [InlineData("a%3Fb", "a?b")]
    [InlineData("a;b=1", "a;b=1")]
    [InlineData("images/loss%25step%253%25timestamp%251.png", "images/loss%step%3%timestamp%1.png")]
    [InlineData("gr%C3%B6%C3%9Fe.csv", "größe.csv")]
    [InlineData("e%CC%81.txt", "é.txt")]
    [InlineData("...a", "...a")]
    [InlineData("a..b", "a..b")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("CONSOLE", "CONSOLE")]
    [InlineData("con.txt", "con.txt")]
    [InlineData("", "")]
    public void An_honest_name_is_decoded_once_and_kept(string raw, string text) => ArtifactPath.Decode(raw)?.Text.ShouldBe(text);

    [Fact]
    public void Names_and_paths_have_a_longest()
    {
        ArtifactPath.Parse(new string('a', ArtifactPath.MaxName)).ShouldNotBeNull();
        ArtifactPath.Parse(new string('a', ArtifactPath.MaxName + 1)).ShouldBeNull();
        ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("abcd", 200))).ShouldNotBeNull();
        ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("abcd", 201))).ShouldBeNull();
        ArtifactPath.Parse("\ud800").ShouldBeNull();
    }

    [Fact]
    public void Whatever_is_taken_stays_below_its_folder_however_often_somebody_decodes_it() =>
        Prop.ForAll(Raw.ToArbitrary(), raw =>
        {
            if (ArtifactPath.Decode(raw) is not { IsRoot: false } path)
                return true;
            for (var text = path.Text; ;)
            {
                if (text.Split('/', '\\').Contains("..", StringComparer.Ordinal) || path.Text.StartsWith('/') || path.Text.Contains('\\', StringComparison.Ordinal) || path.Text.Any(char.IsControl))
                    return false;
                var further = Uri.UnescapeDataString(text);
                if (further == text)
                    return true;
                text = further;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Written_and_read_again_it_is_the_same() =>
        Prop.ForAll(Raw.ToArbitrary(), raw =>
            ArtifactPath.Decode(raw) is not { } path || ArtifactPath.Decode(string.Join('/', path.Text.Split('/').Select(Uri.EscapeDataString))) == path).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_path_knows_its_name_and_the_folders_above()
    {
        var path = ArtifactPath.Parse("a/b/c.txt").ShouldNotBeNull();

        path.Name.ShouldBe("c.txt");
        path.Parent.Text.ShouldBe("a/b");
        path.Ancestors.Select(one => one.Text).ShouldBe(["a", "a/b"]);
        path.Skip(1)?.Text.ShouldBe("b/c.txt");
        path.Skip(3)?.Text.ShouldBe("");
        path.Skip(4).ShouldBeNull();
        path.Skip(3).ShouldBe(ArtifactPath.Root);
        ArtifactPath.Parse("").ShouldBe(default(ArtifactPath));
    }
}
