using System.Text.Json;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.AppHost.Tests;

public sealed class LauncherTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A failed test leaves servers behind, which the launcher's own recovery ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(temp.Data))
        {
            using (var data = await DataFolder.OpenAsync(temp.Data, TimeSpan.FromSeconds(30), CancellationToken.None)) await Portal.StopLeftoverAsync(data);
            await DataFolder.DeleteAsync(temp.Data, CancellationToken.None);
        }

        temp.Dispose();
    }

    [Fact]
    public async Task One_command_starts_everything_and_SIGTERM_stops_the_portal_before_its_stores()
    {
        using var launcher = LauncherRun.Start(temp, []);
        await launcher.ReadyAsync(Stop);
        var (code, output, errors) = await launcher.SignalAsync(Signal.Terminate, Stop);

        (code, errors).ShouldBe((0, ""));
        output.ShouldContain($"ready: http://localhost:{temp.Port}\n");
        output.ShouldContain("  Administrator  ada@retail.example  pass-one\n  Viewer         vic@retail.example  pass-two\n");
        temp.Recorded("started").Select(Verb).ShouldBe(["migrate", "demo", "serve"]);
        var stopped = temp.Recorded("SIGTERM").ShouldHaveSingleItem();
        stopped.GetProperty("database").GetBoolean().ShouldBeTrue();
        stopped.GetProperty("blobs").GetBoolean().ShouldBeTrue();
        output.IndexOf("Stopping Azurite", StringComparison.Ordinal).ShouldBeGreaterThan(output.IndexOf("Stopping The portal", StringComparison.Ordinal));
        output.IndexOf("Stopping PostgreSQL", StringComparison.Ordinal).ShouldBeGreaterThan(output.IndexOf("Stopping Azurite", StringComparison.Ordinal));
        NothingRuns();
    }

    [Fact]
    public async Task Only_the_migration_gets_the_owners_connection()
    {
        using var launcher = LauncherRun.Start(temp, []);
        await launcher.ReadyAsync(Stop);
        await launcher.SignalAsync(Signal.Interrupt, Stop);

        foreach (var started in temp.Recorded("started"))
        {
            var configured = started.GetProperty("configured").EnumerateArray().Select(name => name.GetString()).ToArray();
            configured.Contains("ConnectionStrings__Owner").ShouldBe(Verb(started) == "migrate");
            foreach (var name in new[] { "ConnectionStrings__Portal", "ConnectionStrings__System", "Blobs__ConnectionString", "Blobs__Container", "KeyRing__Secret", "Portal__PublicUrl", "Portal__DataFolder", "ASPNETCORE_ENVIRONMENT" })
                configured.ShouldContain(name);
        }
    }

    [Fact]
    public async Task A_second_start_keeps_the_data_and_fresh_deletes_it()
    {
        using (var first = LauncherRun.Start(temp, ["--no-demo"]))
        {
            await first.ReadyAsync(Stop);
            (await first.SignalAsync(Signal.Interrupt, Stop)).Output.ShouldContain("first administrator, shown once: admin@company.example");
        }

        var secrets = await File.ReadAllTextAsync(Path.Combine(temp.Data, "secrets.json"), Stop);
        using (var second = LauncherRun.Start(temp, ["--no-demo"]))
        {
            await second.ReadyAsync(Stop);
            await second.SignalAsync(Signal.Terminate, Stop);
        }

        (await File.ReadAllTextAsync(Path.Combine(temp.Data, "secrets.json"), Stop)).ShouldBe(secrets);
        using var fresh = LauncherRun.Start(temp, ["--no-demo", "--fresh"]);
        await fresh.ReadyAsync(Stop);
        await fresh.SignalAsync(Signal.Terminate, Stop);
        (await File.ReadAllTextAsync(Path.Combine(temp.Data, "secrets.json"), Stop)).ShouldNotBe(secrets);
    }

    [Fact]
    public async Task A_launcher_that_was_killed_leaves_nothing_that_the_next_start_cannot_recover()
    {
        using (var killed = LauncherRun.Start(temp, []))
        {
            await killed.ReadyAsync(Stop);
            await killed.SignalAsync(Signal.Kill, Stop);
        }

        ChildProcess.IsRunning(Path.Combine(temp.Data, "run", "portal")).ShouldBeTrue();
        EmbeddedPostgres.IsRunning(temp.Data).ShouldBeTrue();

        using var next = LauncherRun.Start(temp, []);
        await next.ReadyAsync(Stop);
        temp.Recorded("SIGTERM").Count.ShouldBe(1);
        (await next.SignalAsync(Signal.Terminate, Stop)).Code.ShouldBe(0);
        temp.Recorded("SIGTERM").Count.ShouldBe(2);
        NothingRuns();
    }

    [Fact]
    public async Task A_portal_that_dies_is_told_with_its_last_lines_and_the_others_are_stopped()
    {
        using var launcher = LauncherRun.Start(temp, []);
        await launcher.ReadyAsync(Stop);
        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://localhost:{temp.Port}/die"), Stop));

        var (code, _, errors) = await launcher.EndAsync(Stop);
        code.ShouldBe(1);
        errors.ShouldContain("The portal (serve) ended unexpectedly with exit code 9.");
        errors.ShouldContain("out of memory, says the test");
        NothingRuns();
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("demo")]
    [InlineData("serve")]
    public async Task A_step_of_the_portal_that_fails_is_told_and_everything_is_stopped(string verb)
    {
        using var launcher = LauncherRun.Start(temp, [], ("TEST_PORTAL_FAIL", verb));
        var (code, output, errors) = await launcher.EndAsync(Stop);
        code.ShouldBe(1);
        errors.ShouldContain($"The portal ({verb}) ended unexpectedly with exit code 3.");
        errors.ShouldContain("relation \"projects\" already exists");
        output.ShouldNotContain("ready:");
        NothingRuns();
    }

    [Fact]
    public async Task Ones_own_PostgreSQL_is_used_and_none_is_started()
    {
        var services = await TestServices.GetAsync();
        var database = new NpgsqlConnectionStringBuilder((await services.CreateDatabaseAsync("empty", (_, _) => Task.CompletedTask, Stop)).App);
        (string, string)[] environment =
        [
            ("MLOPS_POSTGRES", $"Host=127.0.0.1;Port={database.Port};Database={database.Database}"),
            ("MLOPS_POSTGRES_OWNER_PASSWORD", services.Postgres.Secrets.OwnerPassword),
            ("MLOPS_POSTGRES_APP_PASSWORD", services.Postgres.Secrets.AppPassword),
            ("MLOPS_POSTGRES_SYSTEM_PASSWORD", services.Postgres.Secrets.SystemPassword),
            ("MLOPS_BLOBS", services.BlobConnectionString),
        ];
        using (var launcher = LauncherRun.Start(temp, [], environment))
        {
            await launcher.ReadyAsync(Stop);
            Directory.Exists(Path.Combine(temp.Data, "postgres")).ShouldBeFalse();
            Directory.Exists(Path.Combine(temp.Data, "azurite")).ShouldBeFalse();
            (await launcher.SignalAsync(Signal.Terminate, Stop)).Code.ShouldBe(0);
        }

        using var wrong = LauncherRun.Start(temp, [], [.. environment, ("MLOPS_POSTGRES_APP_PASSWORD", "wrong")]);
        var (code, _, errors) = await wrong.EndAsync(Stop);
        code.ShouldBe(1);
        errors.ShouldContain("refused mlops_app");
    }

    private static string? Verb(JsonElement fact) => fact.GetProperty("verb").GetString();

    private void NothingRuns()
    {
        EmbeddedPostgres.IsRunning(temp.Data).ShouldBeFalse();
        Azurite.IsRunning(temp.Data).ShouldBeFalse();
        ChildProcess.IsRunning(Path.Combine(temp.Data, "run", "portal")).ShouldBeFalse();
    }
}
