using Microsoft.AspNetCore.Http;
using MlOpsPortal.LocalServices;

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

    [Fact]
    public async Task Ctrl_C_ends_it_with_a_report_and_130()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TestServer.StartAsync(async (_, context) =>
        {
            if (context.Request.Path.Value is "/api/v1/projects")
            {
                await context.Response.WriteAsync("""{"items": [{"id": "1", "name": "Churn"}], "nextCursor": null}""");
            }
            else if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync("{}"); // who greets gets an answer
            }
            else
            {
                reached.TrySetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            }
        });
        using var run = MlopsRun.Start(["import", "mlflow", server.Address.Text, "--project", "Churn"], ("MLOPS_URL", server.Address.Text), ("MLOPS_TOKEN", "t"));
        await Task.WhenAny(reached.Task, run.EndAsync());

        var end = await run.EndAsync(Signal.Interrupt);

        end.Code.ShouldBe(ExitCode.Interrupted, end.Errors);
        end.Output.ShouldContain("Interrupted; the same command continues");
    }
}
