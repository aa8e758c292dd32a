using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Deployments.Tests.Serving;

public sealed class SpoolTests : IDisposable
{
    private readonly string folder = Path.Combine(AppContext.BaseDirectory, "spool-" + Guid.NewGuid().ToString("n"));
    private readonly ServingOptions limits = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_appended_reads_back_as_it_was()
    {
        using var spool = Open();
        var written = Prediction("a") with { Version = null, Label = "yes", Output = double.Epsilon, Features = """{"x":"ü"}""" };
        (await spool.AppendAsync(Frame(written), 1)).ShouldBeTrue();

        var batch = spool.Read(10);
        batch.Predictions.ShouldBe([written]);
        spool.Records.ShouldBe(1);
        spool.Done(batch);
        spool.Records.ShouldBe(0);
        spool.Bytes.ShouldBe(0);
        spool.Read(10).Predictions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_spool_that_was_not_closed_is_replayed_and_a_torn_last_record_ends_it()
    {
        string file;
        using (var spool = Open())
        {
            for (var i = 0; i < 100; i++)
                await spool.AppendAsync(Frame(Prediction($"p{i}")), 1);
            file = Directory.GetFiles(Path.Combine(folder, "spool"), "*.spool").Single();
        }

        // What a killed process may leave: the first half of a record.
        var half = Frame(Prediction("torn"));
        await File.AppendAllBytesAsync(file, half[..(half.Length / 2)], Stop);
        using (var again = Open())
        {
            again.Records.ShouldBe(100);
            again.Torn.ShouldBe(half.Length / 2);
            await again.AppendAsync(Frame(Prediction("new")), 1);
            Drain(again).ShouldBe([.. Enumerable.Range(0, 100).Select(i => $"p{i}"), "new"]);
        }

        using var third = Open();
        third.Records.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(40)]
    public async Task A_damaged_byte_ends_the_file_there(int at)
    {
        string file;
        var frame = Frame(Prediction("a"));
        using (var spool = Open())
        {
            await spool.AppendAsync(frame, 1);
            await spool.AppendAsync(Frame(Prediction("b")), 1);
            file = Directory.GetFiles(Path.Combine(folder, "spool"), "*.spool").Single();
        }

        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[frame.Length + at] ^= 0x40;
        await File.WriteAllBytesAsync(file, bytes, Stop);
        using var again = Open();
        Drain(again).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Many_at_once_are_all_there_once()
    {
        using var spool = Open();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
                (await spool.AppendAsync(Frame(Prediction($"{writer}-{i}")), 1)).ShouldBeTrue();
        })));

        spool.Records.ShouldBe(16_000);
        var drained = Drain(spool);
        drained.Count.ShouldBe(16_000);
        drained.Distinct().Count().ShouldBe(16_000);
    }

    [Fact]
    public async Task It_is_bounded_in_records_and_bytes()
    {
        limits.SpoolRecords = 3;
        using (var spool = Open())
        {
            for (var i = 0; i < 3; i++)
                (await spool.AppendAsync(Frame(Prediction("a")), 1)).ShouldBeTrue();
            (await spool.AppendAsync(Frame(Prediction("a")), 1)).ShouldBeFalse();
            Drain(spool);
            (await spool.AppendAsync(Frame(Prediction("a")), 1)).ShouldBeTrue();
            Drain(spool);
        }

        limits.SpoolRecords = 1000;
        limits.SpoolBytes = 4096;
        using var small = Open();
        (await small.AppendAsync(Frame(Prediction("a") with { Features = $"\"{new string('x', 4096)}\"" }), 1)).ShouldBeFalse();
    }

    [Fact]
    public void One_process_at_a_time_owns_it()
    {
        using var spool = Open();
        Should.Throw<InvalidOperationException>(Open).Message.ShouldContain("Another portal process");
    }

    [Fact]
    public async Task While_the_database_is_away_they_wait_and_then_come_once()
    {
        using var spool = Open();
        var store = new TestStore { Away = true };
        using var drain = Drain(spool, store);
        for (var i = 0; i < 50; i++)
            await spool.AppendAsync(Frame(Prediction($"p{i}")), 1);

        (await drain.DrainAsync(Stop)).ShouldBeFalse();
        drain.IsAway.ShouldBeTrue();
        spool.Records.ShouldBe(50);
        store.Away = false;
        (await drain.DrainAsync(Stop)).ShouldBeTrue();
        drain.IsAway.ShouldBeFalse();
        store.Ids.ShouldBe(Enumerable.Range(0, 50).Select(i => $"p{i}"));
        drain.Logged.ShouldBe(50);
    }

    [Fact]
    public async Task One_that_the_database_never_takes_is_put_aside_and_the_others_go_on()
    {
        using var spool = Open();
        var store = new TestStore { Refused = "p7" };
        using var drain = Drain(spool, store);
        for (var i = 0; i < 20; i++)
            await spool.AppendAsync(Frame(Prediction($"p{i}")), 1);

        (await drain.DrainAsync(Stop)).ShouldBeTrue();
        store.Ids.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 20).Where(i => i != 7).Select(i => $"p{i}").Order(StringComparer.Ordinal));
        drain.SetAside.ShouldBe(1);
        (await File.ReadAllTextAsync(Path.Combine(folder, "spool", "refused.jsonl"), Stop)).ShouldContain("\"p7\"");
    }

    private PredictionSpool Open() => new(Options.Create(new PortalFolderOptions { DataFolder = folder }), Options.Create(limits), NullLogger<PredictionSpool>.Instance);

    private SpoolDrain Drain(PredictionSpool spool, IPredictionStore store) =>
        new(spool, store, Options.Create(new PortalFolderOptions { DataFolder = folder }), TimeProvider.System, NullLogger<SpoolDrain>.Instance);

    private static List<string> Drain(PredictionSpool spool)
    {
        var ids = new List<string>();
        while (spool.Read(777) is { Predictions.Count: > 0 } batch)
        {
            ids.AddRange(batch.Predictions.Select(prediction => prediction.Id));
            spool.Done(batch);
        }

        return ids;
    }

    private static LoggedPrediction Prediction(string id) => new(
        TestPortal.Tenant, new DeploymentId(Guid.Empty), id, DateTimeOffset.UnixEpoch.AddTicks(123_456_780), DateTimeOffset.UnixEpoch.AddDays(1), 3, 0.25, null, 17, "{}");

    private static byte[] Frame(LoggedPrediction prediction)
    {
        var buffer = new ArrayBufferWriter<byte>();
        SpoolFrame.Write(
            buffer, prediction.Tenant, prediction.Deployment, prediction.Id, prediction.OccurredAt, prediction.LoggedAt, prediction.Version, prediction.Output, prediction.Label,
            prediction.LatencyMicroseconds, System.Text.Encoding.UTF8.GetBytes(prediction.Features));
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class TestStore : IPredictionStore
    {
        public bool Away { get; set; }

        public string? Refused { get; set; }

        public List<string> Ids { get; } = [];

        public Task AddAsync(TenantId tenant, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken)
        {
            if (Away)
                throw new NpgsqlException("away", new IOException("refused"));
            if (predictions.Any(prediction => prediction.Id == Refused))
                throw new PostgresException("bad", "ERROR", "ERROR", "22P02");
            Ids.AddRange(predictions.Select(prediction => prediction.Id));
            return Task.CompletedTask;
        }
    }
}
