using Bunit;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Artifacts;

public sealed class ArtifactBrowserTests : ArtifactTest
{
    [Fact]
    public void Nothing_there_says_what_would_put_something_there() => Browse().Find(".empty").TextContent.ShouldContain("mlflow.log_artifact");

    [Fact]
    public void What_cannot_be_listed_is_said_and_nothing_else_shown()
    {
        Shelf.Refused = new NotFound();

        Browse().Find(".empty").TextContent.ShouldContain("These files cannot be shown");
    }

    [Fact]
    public void Folders_stand_before_files_and_a_folder_can_be_left()
    {
        Shelf.With("notes.txt", ArtifactKind.Text, "hello").With("plots/loss.png", ArtifactKind.Image);

        Browse().FindAll(".artifact-list li .artifact-name").Select(name => name.TextContent).ShouldBe(["plots", "notes.txt"]);
        var inside = Browse("plots");
        inside.FindAll(".artifact-list li .artifact-name").Select(name => name.TextContent).ShouldBe(["loss.png"]);
        inside.Find(".artifact-path a").GetAttribute("href")!.ShouldNotContain("file=");
        inside.Find(".artifact-view").TextContent.ShouldContain("Choose a file");
    }

    [Fact]
    public void A_text_is_shown_and_says_when_it_goes_on()
    {
        Shelf.With("log.txt", ArtifactKind.Text, "line one", length: 2_000_000, isCut: true);

        var pane = Browse("log.txt").Find(".artifact-view");
        pane.QuerySelector("pre")!.TextContent.ShouldBe("line one");
        pane.TextContent.ShouldContain("The whole is in the download.");
        pane.QuerySelector("a[download]")!.GetAttribute("href").ShouldBe($"/api/v1/runs/{TestShelf.Run}/artifact?path=log.txt");
    }

    [Fact]
    public void An_empty_file_is_called_empty()
    {
        Shelf.With("empty.txt", ArtifactKind.Text, "", length: 0);

        Browse("empty.txt").Find(".artifact-view").TextContent.ShouldContain("The file is empty.");
    }

    [Fact]
    public void A_table_is_a_table()
    {
        Shelf.With("rows.csv", ArtifactKind.Table, "a,b", new ArtifactTable(["a", "b"], [["1", ""]], IsCut: true));

        var pane = Browse("rows.csv").Find(".artifact-view");
        pane.QuerySelectorAll("th").Select(cell => cell.TextContent).ShouldBe(["a", "b"]);
        pane.QuerySelectorAll("td").Select(cell => cell.TextContent).ShouldBe(["1", "–"]);
        pane.TextContent.ShouldContain("The first 1 rows.");
    }

    [Fact]
    public void An_image_comes_from_where_nothing_runs_and_has_a_name()
    {
        Shelf.With("plots/loss.png", ArtifactKind.Image);

        var image = Browse("plots/loss.png").Find("img");
        image.GetAttribute("src").ShouldBe($"/api/v1/runs/{TestShelf.Run}/artifact/view?path=plots%2Floss.png");
        image.GetAttribute("alt").ShouldBe("Preview of loss.png");
    }

    [Theory]
    [InlineData("report.html")]
    [InlineData("README.md")]
    public void A_page_stands_in_a_frame_without_any_right(string name)
    {
        Shelf.With(name, ArtifactKind.Page);

        Browse(name).Find("iframe").GetAttribute("sandbox").ShouldBe("");
    }

    [Fact]
    public void An_image_that_is_too_large_says_so_and_can_be_downloaded()
    {
        ArtifactKinds.Of("huge.png", ArtifactKinds.MostShown + 1).ShouldBe(ArtifactKind.Other);
        Shelf.With("huge.png", ArtifactKind.Other, length: ArtifactKinds.MostShown + 1);

        var pane = Browse("huge.png").Find(".artifact-view");
        pane.TextContent.ShouldContain("It is too large to be shown here");
        pane.QuerySelector("a[download]").ShouldNotBeNull();
    }

    [Fact]
    public void A_file_of_an_unknown_kind_is_never_run()
    {
        Shelf.With("model.pkl", ArtifactKind.Other);

        Browse("model.pkl").Find(".artifact-view").TextContent.ShouldContain("nothing of it is run here");
    }

    [Fact]
    public void A_file_that_is_gone_is_said_and_the_others_stay()
    {
        Shelf.With("notes.txt", ArtifactKind.Text, "hello");

        var browser = Browse("gone.txt");

        browser.Find(".artifact-view").TextContent.ShouldContain("This file cannot be shown");
        browser.FindAll(".artifact-list li").Count.ShouldBe(1);
    }

    [Fact]
    public void Below_a_root_nothing_above_it_is_shown_and_addresses_are_relative()
    {
        Shelf.With("secret.txt", ArtifactKind.Text, "behind the wall").With("model/a.txt", ArtifactKind.Text, "a").With("model/data/b.txt", ArtifactKind.Text, "b");

        var browser = Browse(root: "model");
        browser.FindAll(".artifact-list li .artifact-name").Select(name => name.TextContent).ShouldBe(["data", "a.txt"]);
        browser.FindAll(".artifact-list li a").Select(link => link.GetAttribute("href")).ShouldAllBe(href => href!.EndsWith("file=data", StringComparison.Ordinal) || href.EndsWith("file=a.txt", StringComparison.Ordinal));
        Browse("../secret.txt", "model").Markup.ShouldNotContain("behind the wall");
    }

    [Fact]
    public void A_file_as_root_stands_alone()
    {
        Shelf.With("model.onnx", ArtifactKind.Other).With("other.txt", ArtifactKind.Text, "other");

        var browser = Browse(root: "model.onnx");

        browser.Find(".artifact-view").TextContent.ShouldContain("model.onnx");
        browser.Markup.ShouldNotContain("other.txt");
    }

    [Fact]
    public void What_was_deleted_comes_back()
    {
        Shelf.Deleted = [new DeletedArtifact(ArtifactPath.Parse("notes.txt")!.Value, 12, DateTimeOffset.UnixEpoch, "Ada")];
        var browser = Browse();

        browser.Find("details button").Click();

        browser.WaitForAssertion(() => browser.FindAll(".artifact-list li .artifact-name").Select(name => name.TextContent).ShouldBe(["notes.txt"]));
    }

    private IRenderedComponent<ArtifactBrowser> Browse(string? file = null, string root = "")
    {
        At("/t/acme/runs/1" + (file is null ? "" : "?file=" + Uri.EscapeDataString(file)));
        return Render<ArtifactBrowser>(p => p.Add(b => b.Caller, TestShelf.Ada).Add(b => b.Owner, TestShelf.Run).Add(b => b.Tenant, "acme").Add(b => b.Root, ArtifactPath.Parse(root) ?? ArtifactPath.Root));
    }
}
