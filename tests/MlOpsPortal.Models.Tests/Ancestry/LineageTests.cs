using MlOpsPortal.Models.Ancestry;

namespace MlOpsPortal.Models.Tests.Ancestry;

public sealed class LineageTests(TestPortal portal)
{
    [Fact]
    public async Task A_version_is_walked_back_to_its_evaluation_its_data_and_the_problem()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("diabetes", "ridge");
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Test);
        var model = await team.NewModelAsync("progression", sample.Task);
        await team.AddReadyVersionAsync(model.Id, sample, training);
        await team.EvaluateAsync(model.Id, 1, test);

        var graph = await team.GetAsync<LineageGraph>($"/api/v1/models/{model.Id}/versions/1/lineage");

        graph.Nodes[0].Kind.ShouldBe(LineageKind.ModelVersion);
        graph.Nodes.Select(node => node.Kind).ShouldBe([LineageKind.ModelVersion, LineageKind.Problem, LineageKind.Dataset, LineageKind.Evaluation, LineageKind.Dataset]);
        graph.Edges.Select(edge => edge.Says).ShouldBe(["answers", "trained on", "evaluated in", "measured on"]);
        graph.Nodes.Where(node => node.Kind == LineageKind.Dataset).ShouldAllBe(node => node.Href!.Contains("/datasets/"));
        var other = await TestTeam.NewAsync(portal);
        using var client = other.Client(other.Ada);
        (await TestTeam.ProblemAsync(await client.GetAsync(new Uri($"/api/v1/models/{model.Id}/versions/1/lineage", UriKind.Relative), TestContext.Current.CancellationToken))).Status.ShouldBe(404);
    }

    [Fact]
    public void The_same_thing_reached_twice_stands_once()
    {
        var version = new LineageNode("v", LineageKind.ModelVersion, "v1", null, null);
        var data = new LineageNode("d", LineageKind.Dataset, "rows", null, null);
        var graph = new LineageGraph([version], []).With(data, new LineageEdge("v", "d", "trained on")).With(data, new LineageEdge("v", "d", "trained on")).With(data, new LineageEdge("v", "d", "measured on"));

        graph.Nodes.ShouldBe([version, data]);
        graph.Edges.Length.ShouldBe(2);
    }
}
