using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Tests.Artifacts;

public sealed class ArtifactTableTests
{
    [Fact]
    public void Quotes_keep_separators_line_breaks_and_quotes()
    {
        var table = ArtifactTable.OfSeparated("a,b\r\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\",\n", ',', isCut: false);

        table.Columns.ShouldBe(["a", "b"]);
        table.Rows.Select(row => string.Join('|', row)).ShouldBe(["x, y|say \"hi\"", "two\nlines|"]);
        table.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void The_last_line_needs_no_break_and_a_cut_one_is_not_shown()
    {
        ArtifactTable.OfSeparated("a\n1\n2", ',', isCut: false).Rows.Length.ShouldBe(2);
        ArtifactTable.OfSeparated("a\n1\n2", ',', isCut: true).Rows.Length.ShouldBe(1);
        ArtifactTable.OfSeparated("", ',', isCut: false).Columns.ShouldBeEmpty();
    }

    [Fact]
    public void Long_tables_and_cells_are_cut()
    {
        var table = ArtifactTable.OfSeparated("a\n" + string.Concat(Enumerable.Repeat(new string('x', 1_000) + "\n", 300)), ',', isCut: false);

        table.Rows.Length.ShouldBe(200);
        table.Rows[0][0].Length.ShouldBe(501);
        table.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void What_log_table_writes_is_a_table_and_other_JSON_is_none()
    {
        var table = ArtifactTable.OfJson("""{"columns": ["text", "score"], "data": [["<b>hi</b>", 0.5], [null, true]]}""").ShouldNotBeNull();

        table.Rows.Select(row => string.Join('|', row)).ShouldBe(["<b>hi</b>|0.5", "|true"]);
        ArtifactTable.OfJson("""{"columns": 1, "data": []}""").ShouldBeNull();
        ArtifactTable.OfJson("[1, 2]").ShouldBeNull();
        ArtifactTable.OfJson("{").ShouldBeNull();
    }

    [Theory]
    [InlineData("MLmodel", ArtifactKind.Model)]
    [InlineData("a.PNG", ArtifactKind.Image)]
    [InlineData("a.svg", ArtifactKind.Image)]
    [InlineData("README.md", ArtifactKind.Page)]
    [InlineData("estimator.html", ArtifactKind.Page)]
    [InlineData("rows.csv", ArtifactKind.Table)]
    [InlineData("conda.yaml", ArtifactKind.Text)]
    [InlineData("Dockerfile", ArtifactKind.Text)]
    [InlineData("model.pkl", ArtifactKind.Other)]
    [InlineData("model.onnx", ArtifactKind.Other)]
    public void A_file_is_shown_by_its_name(string name, ArtifactKind kind) => ArtifactKinds.Of(name, 100).ShouldBe(kind);

    [Fact]
    public void What_is_too_large_is_not_shown() => ArtifactKinds.Of("a.png", ArtifactKinds.MostShown + 1).ShouldBe(ArtifactKind.Other);
}
