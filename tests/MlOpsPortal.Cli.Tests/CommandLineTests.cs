namespace MlOpsPortal.Cli;

public sealed class CommandLineTests
{
    private static readonly string[] Import = ["import", "mlflow", "http://127.0.0.1:9", "--project", "Churn"];

    [Fact]
    public async Task A_command_that_is_not_understood_ends_with_2()
    {
        (await MlopsRun.ToEndAsync(["import", "mlflow"])).Code.ShouldBe(ExitCode.Usage);
        var parallel = await MlopsRun.ToEndAsync([.. Import, "--parallel", "many"]);
        parallel.Code.ShouldBe(ExitCode.Usage);
        parallel.Errors.ShouldContain("--parallel takes a number from 1 to 32, not 'many'.");
    }

    [Fact]
    public async Task Without_a_portal_it_says_what_to_set()
    {
        var run = await MlopsRun.ToEndAsync(Import, ("MLOPS_URL", null), ("MLOPS_TOKEN", null));

        run.Code.ShouldBe(ExitCode.Failed);
        run.Errors.Trim().ShouldBe("Set MLOPS_URL to the portal's address, and MLOPS_TOKEN to one of your tokens.");
    }

    [Fact]
    public async Task A_portal_that_is_not_there_is_one_sentence_and_1()
    {
        var server = await TestServer.StartAsync(_ => (200, "{}"));
        var address = server.Address.Text;
        await server.DisposeAsync();

        var run = await MlopsRun.ToEndAsync(Import, ("MLOPS_URL", address), ("MLOPS_TOKEN", "t"));

        run.Code.ShouldBe(ExitCode.Failed);
        run.Errors.ShouldContain($"The portal at {address} cannot be reached");
        run.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_project_that_is_unknown_is_named_with_those_that_are_known()
    {
        await using var server = await TestServer.StartAsync(_ => (200, """{"items": [{"id": "1", "name": "Fraud"}], "nextCursor": null}"""));

        var run = await MlopsRun.ToEndAsync(Import, ("MLOPS_URL", server.Address.Text), ("MLOPS_TOKEN", "t"));

        run.Code.ShouldBe(ExitCode.Failed);
        run.Errors.ShouldContain("You are a member of no project 'Churn'; yours are 'Fraud'.");
    }
}
