using System.Text.Json;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Data;
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
        written.ShouldContain("\"schema\":1");
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
