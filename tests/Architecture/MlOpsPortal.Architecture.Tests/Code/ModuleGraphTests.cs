namespace MlOpsPortal.Architecture.Code;

/// <summary>References point one way.</summary>
public sealed class ModuleGraphTests
{
    [Fact]
    public void Project_files_name_only_what_the_graph_allows() =>
        ModuleGraph.Violations(SourceProject.All.SelectMany(project => project.DeclaredReferences().Select(to => (project.Name, to)))).ShouldBeEmpty();

    [Fact]
    public void Compiled_code_uses_only_what_the_graph_allows() =>
        ModuleGraph.Violations(SourceProject.Running.SelectMany(project => project.CompiledReferences().Select(to => (project.Name, to)))).ShouldBeEmpty();

    [Fact]
    public void The_tests_read_real_references()
    {
        SourceProject.All.Single(project => project.Name == "MlOpsPortal.Projects").DeclaredReferences().ShouldContain("MlOpsPortal.Platform");
        SourceProject.All.Single(project => project.Name == "MlOpsPortal.Projects").CompiledReferences().ShouldContain("MlOpsPortal.Platform");
        SourceProject.All.Single(project => project.Name == "MlOpsPortal.Web").CompiledReferences().ShouldContain("MlOpsPortal.Access");
    }

    [Theory]
    [InlineData("Platform", "Projects")]
    [InlineData("Projects", "Datasets")]
    [InlineData("Datasets", "Models")]
    [InlineData("Models", "Access")]
    [InlineData("Deployments", "Datasets")]
    [InlineData("Access", "Projects")]
    [InlineData("Statistics", "Platform")]
    [InlineData("Models", "Web")]
    public void A_forbidden_reference_is_found(string from, string to)
    {
        var found = ModuleGraph.Violations([("MlOpsPortal.Projects", "MlOpsPortal.Platform"), ("MlOpsPortal." + from, "MlOpsPortal." + to)]);

        found.ShouldHaveSingleItem().ShouldStartWith($"{from} uses {to};");
    }

    [Fact]
    public void A_project_that_the_graph_does_not_know_is_found() =>
        ModuleGraph.Violations([("MlOpsPortal.Common", "MlOpsPortal.Platform")]).ShouldBe(["Common is not in the module graph."]);
}
