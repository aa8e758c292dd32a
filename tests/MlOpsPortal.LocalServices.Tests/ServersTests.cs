using Npgsql;

namespace MlOpsPortal.LocalServices.Tests;

/// <summary>Servers of their own, apart from those that all tests share: these are started, stopped and killed.</summary>
public sealed class ServersTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await DataFolder.DeleteAsync(temp.Sub("data"), CancellationToken.None); // with what may be under /var/lib
        temp.Dispose();
    }

    [Fact]
    public async Task A_second_start_keeps_the_data_and_the_port()
    {
        using var data = await OpenAsync();
        var first = await StartPostgresAsync(data);
        await ExecuteAsync(first, "CREATE TABLE public.kept (id int); INSERT INTO public.kept VALUES (42)");
        await first.StopAsync();
        (await first.Process.Exited).ShouldBe(0);

        var second = await StartPostgresAsync(data);
        (await ExecuteAsync(second, "SELECT id FROM public.kept")).ShouldBe(42);
        second.Endpoint.ShouldBe(first.Endpoint);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_server_whose_launcher_was_killed_is_replaced_without_loss()
    {
        EmbeddedPostgres abandoned;
        using (var data = await OpenAsync())
        {
            abandoned = await StartPostgresAsync(data);
            await ExecuteAsync(abandoned, "CREATE TABLE public.kept (id int); INSERT INTO public.kept VALUES (42)");
        }

        using var again = await OpenAsync();
        var next = await StartPostgresAsync(again);
        abandoned.Process.Exited.IsCompleted.ShouldBeTrue();
        (await ExecuteAsync(next, "SELECT id FROM public.kept")).ShouldBe(42);
        await next.StopAsync();
    }

    [Fact]
    public async Task A_server_without_any_record_of_it_is_waited_for_and_never_joined()
    {
        using var data = await OpenAsync();
        var abandoned = await StartPostgresAsync(data);
        File.Delete(data.IdentityFile("postgres"));

        var waiting = StartPostgresAsync(data);
        await abandoned.StopAsync();
        var next = await waiting;
        next.Process.Id.ShouldNotBe(abandoned.Process.Id);
        await next.StopAsync();
    }

    [Fact]
    public async Task A_killed_server_with_a_stale_pid_file_starts_again_with_what_it_acknowledged()
    {
        using var data = await OpenAsync();
        var killed = await StartPostgresAsync(data);
        await ExecuteAsync(killed, "CREATE TABLE public.kept (id int); INSERT INTO public.kept VALUES (42)");
        await killed.Process.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10));
        var pidFile = Path.Combine(killed.Folder, "data", "postmaster.pid");
        File.Exists(pidFile).ShouldBeTrue();
        var lines = await File.ReadAllLinesAsync(pidFile, Stop);
        lines[0] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture); // reused by a stranger: us
        await File.WriteAllLinesAsync(pidFile, lines, Stop);

        var next = await StartPostgresAsync(data);
        (await ExecuteAsync(next, "SELECT id FROM public.kept")).ShouldBe(42);
        await next.StopAsync();
    }

    [Fact]
    public async Task An_interrupted_initdb_is_begun_again()
    {
        using var data = await OpenAsync();
        var half = Directory.CreateDirectory(Path.Combine(data.Path, "postgres", "data.half"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "PG_VERSION"), "18", Stop);
        var server = await StartPostgresAsync(data);
        (await ExecuteAsync(server, "SELECT 1")).ShouldBe(1);
        await server.StopAsync();
    }

    [Fact]
    public async Task Azurite_keeps_its_port_and_answers_nobody_without_the_key()
    {
        using var data = await OpenAsync();
        var first = await Azurite.StartAsync(data, Repository.NodeModules, Stop);
        var address = new Uri(first.ConnectionString.Split("BlobEndpoint=")[1].TrimEnd(';') + "?comp=list");
        using (var client = new HttpClient())
        {
            using var anonymous = await client.GetAsync(address, Stop);
            ((int)anonymous.StatusCode).ShouldBe(403);
        }

        address.Host.ShouldBe("127.0.0.1");
        await first.StopAsync();
        (await first.Process.Exited).ShouldBe(0);

        var second = await Azurite.StartAsync(data, Repository.NodeModules, Stop);
        second.ConnectionString.ShouldBe(first.ConnectionString);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_missing_package_folder_is_told_with_its_remedy()
    {
        using var data = await OpenAsync();
        var empty = Directory.CreateDirectory(temp.Sub("node_modules")).FullName;
        (await Should.ThrowAsync<LaunchException>(() => EmbeddedPostgres.StartAsync(data, empty, disposable: true, _ => { }, Stop))).Message.ShouldContain("npm ci --ignore-scripts");
        (await Should.ThrowAsync<LaunchException>(() => Azurite.StartAsync(data, empty, Stop))).Message.ShouldContain("npm ci --ignore-scripts");
    }

    [Fact]
    public async Task Under_root_the_files_move_to_where_the_unprivileged_user_can_go()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs PostgreSQL as another user.");
        File.SetUnixFileMode(temp.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var data = await OpenAsync();
        var said = new List<string>();
        var server = await EmbeddedPostgres.StartAsync(data, Repository.NodeModules, disposable: true, said.Add, Stop);
        await server.StopAsync();
        data.Dispose();

        server.Folder.ShouldStartWith("/var/lib/mlopsportal/data-");
        said.ShouldHaveSingleItem().ShouldContain(server.Folder);
        await DataFolder.DeleteAsync(data.Path, Stop);
        Directory.Exists(server.Folder).ShouldBeFalse();
    }

    private Task<DataFolder> OpenAsync() => DataFolder.OpenAsync(temp.Sub("data"), TimeSpan.Zero, Stop);

    private static Task<EmbeddedPostgres> StartPostgresAsync(DataFolder data) => EmbeddedPostgres.StartAsync(data, Repository.NodeModules, disposable: false, _ => { }, Stop);

    private static async Task<object?> ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.Endpoint.SuperuserConnection(EmbeddedPostgres.DatabaseName));
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
