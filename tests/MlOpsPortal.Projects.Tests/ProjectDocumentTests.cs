using System.Text.Json;
using System.Text.Json.Nodes;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Tests;

public sealed class ProjectDocumentTests
{
    [Fact]
    public void A_project_reads_back_as_it_was_written()
    {
        var definition = new ProjectDefinition();
        var project = Given.Apply(Given.CompleteProject(), new SignOffStage(Stage.BusinessUnderstanding, "Agreed.", [], []), Given.Rui);

        var written = definition.Write(project);

        definition.Write(definition.Read(written)).ShouldBe(written);
        written.ShouldContain("\"schema\":2");
    }

    /// <summary>A document as the first release wrote it: key results without ids and types.</summary>
    [Fact]
    public void A_project_of_schema_1_still_loads_and_its_key_results_keep_the_ids_they_get()
    {
        var definition = new ProjectDefinition();
        var old = JsonNode.Parse(definition.Write(Given.CompleteProject()))!.AsObject(); // just written
        old["schema"] = 1;
        foreach (var result in old["objectives"]!.AsArray().SelectMany(objective => objective!["keyResults"]!.AsArray())) // a complete project has objectives with key results
            foreach (var later in result!.AsObject().Select(property => property.Key).Except(["title", "unit", "start", "target"]).ToList())
                result.AsObject().Remove(later);

        var first = definition.Read(old.ToJsonString());
        var second = definition.Read(old.ToJsonString());

        var read = first.Objectives[0].KeyResults[0];
        read.ShouldSatisfyAllConditions(
            () => read.Id.ShouldNotBe(default),
            () => read.Id.ShouldBe(second.Objectives[0].KeyResults[0].Id),
            () => read.Type.ShouldBe(KeyResultType.Change),
            () => (read.Start, read.Target, read.Weight).ShouldBe((0.15m, 0.20m, 1m)));
    }

    [Fact]
    public void A_command_travels_as_json_with_its_case_named()
    {
        Command<Project> command = Given.Problem();

        var json = JsonSerializer.Serialize(command, PortalJson.Options);
        var back = JsonSerializer.Deserialize<Command<Project>>(json, PortalJson.Options);

        json.ShouldContain("\"$type\":\"stateProblem\"");
        JsonSerializer.Serialize(back, PortalJson.Options).ShouldBe(json);
    }
}
