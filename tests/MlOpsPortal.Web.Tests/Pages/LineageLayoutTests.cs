using MlOpsPortal.Models.Ancestry;
using MlOpsPortal.Web.Components.Pages.Models;

namespace MlOpsPortal.Web.Tests.Pages;

public sealed class LineageLayoutTests
{
    [Fact]
    public void A_thing_stands_behind_everything_that_rests_on_it()
    {
        var graph = new LineageGraph(
            [Node("endpoint"), Node("version"), Node("evaluation"), Node("data"), Node("approval")],
            [new("endpoint", "version", ""), new("version", "data", ""), new("version", "evaluation", ""), new("evaluation", "data", ""), new("endpoint", "approval", ""), new("approval", "version", "")]);

        var depths = LineageLayout.Depths(graph);

        depths["endpoint"].ShouldBe(0);
        graph.Edges.ShouldAllBe(edge => depths[edge.To] > depths[edge.From]);
        depths["data"].ShouldBe(4);
    }

    private static LineageNode Node(string id) => new(id, LineageKind.Dataset, id, null, null);
}
