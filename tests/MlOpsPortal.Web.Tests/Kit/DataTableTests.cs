using Bunit;
using Microsoft.AspNetCore.Components;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Kit;

public sealed class DataTableTests : KitTest
{
    private static readonly IReadOnlyList<Row> Rows = [new("b", 2), new("c", null), new("a", 1)];

    [Fact]
    public void A_heading_links_to_the_order_and_keeps_the_rest_of_the_address()
    {
        At("/models?stage=3");

        var table = Models(Rows);

        table.FindAll("thead a").Select(link => link.GetAttribute("href")).ShouldBe(["http://localhost/models?stage=3&sort=name", "http://localhost/models?stage=3&sort=auc"]);
        table.FindAll("[aria-sort]").ShouldBeEmpty();
    }

    [Fact]
    public void The_address_orders_the_rows_and_the_next_click_turns_them()
    {
        At("/models?sort=auc");

        var table = Models(Rows);

        Names(table).ShouldBe(["a", "b", "c"]);
        table.Find("[aria-sort=ascending]").TextContent.ShouldContain("AUC");
        table.Find("[aria-sort] a").GetAttribute("href").ShouldBe("http://localhost/models?sort=-auc");
    }

    [Fact]
    public void Descending_keeps_rows_without_a_value_last()
    {
        At("/models?sort=-auc");

        Names(Models(Rows)).ShouldBe(["b", "a", "c"]);
    }

    [Fact]
    public void Nothing_in_a_cell_is_a_dash() => Models(Rows).FindAll("td.n").Select(cell => cell.TextContent.Trim()).ShouldBe(["2", "–", "1"]);

    [Fact]
    public void The_row_header_names_the_row_and_carries_its_link()
    {
        var header = Models(Rows).FindAll("tbody th[scope=row]")[0];

        header.QuerySelector("a")!.GetAttribute("href").ShouldBe("/models/b");
    }

    [Fact]
    public void Columns_do_not_double_when_the_table_renders_again()
    {
        var table = Models(Rows);

        table.Render(p => p.Add(t => t.Items, [new Row("z", 9)]));

        table.FindAll("thead th").Count.ShouldBe(2);
        Names(table).ShouldBe(["z"]);
    }

    [Fact]
    public void No_rows_give_the_empty_state_and_no_table()
    {
        var table = Models([]);

        table.FindAll("table").ShouldBeEmpty();
        table.Markup.ShouldContain("No model yet");
    }

    [Fact]
    public void Rows_on_their_way_give_a_busy_frame() => Models(null).Find("table").GetAttribute("aria-busy").ShouldBe("true");

    private static IEnumerable<string> Names(IRenderedComponent<DataTable<Row>> table) => table.FindAll("tbody th").Select(header => header.TextContent.Trim());

    private IRenderedComponent<DataTable<Row>> Models(IReadOnlyList<Row>? rows) => Render<DataTable<Row>>(p => p
        .Add(t => t.Items, rows)
        .Add(t => t.Caption, "Models")
        .Add(t => t.RowHref, row => "/models/" + row.Name)
        .Add(t => t.Empty, (RenderFragment)(builder => builder.AddContent(0, "No model yet")))
        .AddChildContent<Column<Row>>(c => c.Add(x => x.Title, "Name").Add(x => x.RowHeader, true).Add(x => x.Sort, "name").Add(x => x.SortBy, row => row.Name).Add(x => x.Text, row => row.Name))
        .AddChildContent<Column<Row>>(c => c.Add(x => x.Title, "AUC").Add(x => x.Numeric, true).Add(x => x.Sort, "auc").Add(x => x.SortBy, row => row.Auc).Add(x => x.Text, row => row.Auc is { } auc ? Numbers.Value(auc) : null)));

    private sealed record Row(string Name, double? Auc);
}
