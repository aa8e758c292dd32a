using System.Text.RegularExpressions;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Architecture.Code;

/// <summary>What somebody types into a form is kept while she types it.</summary>
public sealed partial class DraftTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Hosts", "MlOpsPortal.Web", "Components");

    [Fact]
    public void Every_form_keeps_a_draft_or_says_why_not()
    {
        var sources = Directory.EnumerateFiles(Folder, "*.razor", SearchOption.AllDirectories).GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)), StringComparer.Ordinal);

        var forms = sources.Where(source => Typed().IsMatch(source.Value) && !source.Value.Contains("@inherits KitField", StringComparison.Ordinal)).Select(source => source.Key).ToList();

        forms.Count.ShouldBeGreaterThan(30);
        CommittedList.Differences(forms.Where(form => !Keeps(form, sources)).Select(form => (form, "keeps no draft")), CommittedList.Read("exceptions.md", "Forms without a draft")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""<Dialog><TextField Label="Name" @bind-Value="name" /></Dialog>""", true)]
    [InlineData("""<DraftBox FormKey="x"><TextField Label="Name" @bind-Value="name" /></DraftBox>""", false)]
    [InlineData("""<DraftBox FormKey="x"><TextField Label="Name" /></DraftBox><textarea></textarea>""", true)]
    [InlineData("""<FormDialog Title="a"><ChildContent><NumberField Label="Name" /></ChildContent></FormDialog>""", false)]
    [InlineData("""<input type="checkbox" @bind="on" />""", false)]
    public void A_field_outside_of_what_keeps_drafts_is_found(string source, bool lacking)
    {
        Typed().IsMatch(Kept().Replace(source, "")).ShouldBe(lacking);
    }

    /// <summary>Its fields stand in what keeps drafts, or it does so itself wherever it is used.</summary>
    private static bool Keeps(string form, Dictionary<string, string> sources)
    {
        if (!Typed().IsMatch(Kept().Replace(sources[form], "")))
            return true;
        var users = sources.Where(source => source.Key != form && UseOf(form).IsMatch(source.Value)).ToList();
        return users.Count > 0 && users.All(user => !UseOf(form).IsMatch(Kept().Replace(user.Value, "")));
    }

    private static Regex UseOf(string component) => new($@"<{component}\b", RegexOptions.None, TimeSpan.FromSeconds(5));

    [GeneratedRegex("""<(?:TextField|TextAreaField|NumberField|textarea|input(?![^>]*\btype="(?:checkbox|radio|file|hidden)"))\b""", RegexOptions.None, 5000)]
    private static partial Regex Typed();

    [GeneratedRegex(@"<(?<box>DraftBox|SectionForm|FormDialog)\b.*?</\k<box>>", RegexOptions.Singleline, 5000)]
    private static partial Regex Kept();
}
