using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace MlOpsPortal.LocalServices;

/// <summary>A PostgreSQL server of our own, on a free loopback port that is kept between starts.</summary>
public sealed class EmbeddedPostgres
{
    public const string DatabaseName = "mlopsportal";

    private const string Identity = "postgres";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2); // recovery after a crash reads the log first
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private EmbeddedPostgres(PostgresEndpoint endpoint, string folder, ChildProcess process) => (Endpoint, Folder, Process) = (endpoint, folder, process);

    public PostgresEndpoint Endpoint { get; }

    /// <summary>Where its files are, which under root may be outside the data folder.</summary>
    public string Folder { get; }

    public ChildProcess Process { get; }

    /// <summary>Starts the server on the data folder and makes sure that roles and the portal's database exist.</summary>
    /// <param name="data">Held by the caller until the server has stopped.</param>
    /// <param name="nodeModules">The node_modules folder with the binaries.</param>
    /// <param name="disposable">For tests: faster, because a crash may lose everything (no fsync).</param>
    /// <param name="report">Takes a sentence worth showing.</param>
    /// <param name="cancellation">Stops what was started.</param>
    public static async Task<EmbeddedPostgres> StartAsync(
        DataFolder data, string nodeModules, bool disposable, Action<string> report, CancellationToken cancellation)
    {
        await StopLeftoverAsync(data);
        var secrets = data.Secrets;
        var place = await PostgresPlace.ChooseAsync(data, nodeModules, report, cancellation);
        data.Remember(known => known with { PostgresFolder = place.Folder });
        await InitializeAsync(data, place, secrets, cancellation);
        DropForeignPidFile(place.Database);

        var server = await RunAsync(data, place, secrets, disposable, cancellation);
        try
        {
            await DatabaseSetup.CreateRolesAsync(server.Endpoint, cancellation);
            await DatabaseSetup.CreateDatabaseAsync(server.Endpoint, DatabaseName, template: null, cancellation);
            return server;
        }
        catch
        {
            await server.StopAsync();
            throw;
        }
    }

    /// <summary>Whether one runs on this data folder, whoever started it.</summary>
    public static bool IsRunning(string dataFolder) => ChildProcess.IsRunning(DataFolder.IdentityFile(dataFolder, Identity));

    /// <summary>Fast shutdown: sessions end, everything written is on disk.</summary>
    public Task StopAsync() => Process.StopAsync(Signal.Interrupt, StopPatience);

    /// <summary>Stops the server that a killed launcher left, and waits for orphaned backends: two servers never share a folder.</summary>
    public static async Task StopLeftoverAsync(DataFolder data)
    {
        await ChildProcess.StopLeftoverAsync(data.IdentityFile(Identity), Signal.Interrupt, StopPatience);
        if (data.Remembered.PostgresFolder is not { } folder) return;
        var database = Path.Combine(folder, "data");
        for (var since = Stopwatch.StartNew(); ProcessesIn(database).Any(); await Task.Delay(20))
            if (since.Elapsed > StopPatience)
                throw new LaunchException($"PostgreSQL processes of an earlier start still use {database} (process {ProcessesIn(database).First()}): end them and start again.");
    }

    private static async Task InitializeAsync(DataFolder data, PostgresPlace place, Secrets secrets, CancellationToken cancellation)
    {
        if (Directory.Exists(place.Database)) return;
        var half = place.Database + ".half";
        var passwordFile = Path.Combine(place.Folder, "password");
        if (Directory.Exists(half)) Directory.Delete(half, recursive: true);
        PrivateFile.WriteText(passwordFile, secrets.SuperuserPassword);
        PostgresUser.Own(passwordFile);
        try
        {
            await ChildProcess.RunAsync(
                new ChildCommand
                {
                    Name = "initdb (making an empty database)",
                    Command =
                    [
                        .. PostgresUser.Prefix, place.Package.InitDb, "--pgdata=" + half, "--username=" + PostgresEndpoint.Superuser, "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                    ],
                    LogFile = data.LogFile("postgres-setup"),
                },
                cancellation);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(half, place.Database);
    }

    private static async Task<EmbeddedPostgres> RunAsync(DataFolder data, PostgresPlace place, Secrets secrets, bool disposable, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Choose(attempt == 1 ? data.Remembered.PostgresPort : null);
            var process = ChildProcess.Start(new ChildCommand
            {
                Name = "PostgreSQL",
                Command = [.. PostgresUser.Prefix, place.Package.Server, "-D", place.Database, .. Settings(port, disposable)],
                IdentityFile = data.IdentityFile(Identity),
                LogFile = data.LogFile("postgres"),
            });
            var endpoint = new PostgresEndpoint(port, secrets);
            try
            {
                await Readiness.WaitAsync(process, () => AnswersAsync(endpoint, cancellation), StartPatience, cancellation);
                data.Remember(known => known with { PostgresPort = port });
                return new EmbeddedPostgres(endpoint, place.Folder, process);
            }
            catch (LaunchException) when (attempt < 3 && process.Exited.IsCompleted && !FreePort.IsFree(port))
            {
                // somebody took the port between our look and the server's: the next attempt takes another
            }
            catch
            {
                await process.StopAsync(Signal.Interrupt, StopPatience);
                throw;
            }
        }
    }

    private static IEnumerable<string> Settings(int port, bool disposable)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={port}"), "unix_socket_directories=",
            "max_connections=200", "timezone=UTC", "log_timezone=UTC", "lc_messages=C", "shared_buffers=256MB",
        ];
        string[] unsafeButFast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum_naptime=10s"];
        return settings.Concat(disposable ? unsafeButFast : []).SelectMany(setting => new[] { "-c", setting });
    }

    private static async Task<bool> AnswersAsync(PostgresEndpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(endpoint.SuperuserConnection("postgres"));
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
        catch (NpgsqlException refused) when (refused is not PostgresException)
        {
            return false;
        }
    }

    /// <summary>
    /// After a crash the pid in postmaster.pid may belong to a stranger by now, and PostgreSQL then refuses to start. Only reached when
    /// no process is left in the folder, so nothing that the file protects is alive.
    /// </summary>
    private static void DropForeignPidFile(string database) => File.Delete(Path.Combine(database, "postmaster.pid"));

    /// <summary>The server and its backends work inside the database folder: that finds them even when every pid file is lost.</summary>
    private static IEnumerable<string> ProcessesIn(string database) =>
        Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && WorkingFolder(process) == database);

    private static string? WorkingFolder(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it ended, or it is another user's and so none of ours
        }
    }
}
