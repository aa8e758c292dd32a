using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Everything one request needs in memory, used again by the next: body, cells, answers, reply and log frames.</summary>
internal sealed class ScoringSlot : IDisposable
{
    /// <summary>Larger buffers are not kept.</summary>
    private const int Kept = 1 << 20;

    private readonly List<string?> callerIds = [];
    private CancellationTokenSource deadline = new();
    private byte[] body = new byte[8 * 1024];

    public ScoringSlot()
    {
        Reply = new ArrayBufferWriter<byte>(1024);
        Frames = new ArrayBufferWriter<byte>(2048);
        Features = new ArrayBufferWriter<byte>(1024);
        Json = new Utf8JsonWriter(Reply, new JsonWriterOptions { SkipValidation = true });
        FeatureJson = new Utf8JsonWriter(Features, new JsonWriterOptions { SkipValidation = true });
    }

    public RowCells Cells { get; } = new();

    public ArrayBufferWriter<byte> Reply { get; private set; }

    public ArrayBufferWriter<byte> Frames { get; private set; }

    public ArrayBufferWriter<byte> Features { get; }

    public Utf8JsonWriter Json { get; private set; }

    public Utf8JsonWriter FeatureJson { get; }

    /// <summary>The caller's prediction ids, one per row; empty when she gave none.</summary>
    public List<string?> CallerIds => callerIds;

    /// <summary>The ids of this request's predictions: the caller's or the portal's.</summary>
    public List<string> Ids { get; } = [];

    public ScoringFaults Faults { get; } = new();

    /// <summary>When the caller says each row happened; empty when she gave one time for all, or none.</summary>
    public List<DateTimeOffset> Times { get; } = [];

    /// <summary>The caller gave a list of times.</summary>
    public bool HasTimes { get; set; }

    /// <summary>When the caller says it happened.</summary>
    public DateTimeOffset? OccurredAt { get; set; }

    /// <summary>The caller's name for the request (Open Inference Protocol).</summary>
    public string? RequestId { get; set; }

    public double[] Answers { get; private set; } = new double[1];

    public byte[] Body => body;

    public int BodyLength { get; set; }

    public void GrowBody(int atLeast)
    {
        if (body.Length < atLeast)
            Array.Resize(ref body, Math.Max(atLeast, body.Length * 2));
    }

    public void MakeRoomForAnswers(int rows)
    {
        if (Answers.Length < rows)
            Answers = new double[rows];
    }

    public CancellationToken StartDeadline(TimeSpan limit)
    {
        deadline.CancelAfter(limit);
        return deadline.Token;
    }

    public void StopDeadline()
    {
        if (deadline.TryReset())
            return;
        deadline.Dispose();
        deadline = new CancellationTokenSource();
    }

    public void Clear()
    {
        Cells.Clear(Kept);
        callerIds.Clear();
        Times.Clear();
        HasTimes = false;
        Ids.Clear();
        Faults.Clear();
        (OccurredAt, RequestId, BodyLength) = (null, null, 0);
        if (body.Length > Kept)
            body = new byte[8 * 1024];
        if (Answers.Length * sizeof(double) > Kept)
            Answers = new double[1];
        Frames = Emptied(Frames);
        Reply = Emptied(Reply);
        Json.Reset(Reply);
    }

    public void Dispose()
    {
        deadline.Dispose();
        Json.Dispose();
        FeatureJson.Dispose();
    }

    private static ArrayBufferWriter<byte> Emptied(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > Kept)
            return new ArrayBufferWriter<byte>(2048);
        buffer.ResetWrittenCount();
        return buffer;
    }
}

/// <summary>Slots at rest: as many as requests were ever under way at the same time, up to a bound.</summary>
internal sealed class ScoringSlots
{
    private const int MostAtRest = 256;
    private readonly ConcurrentQueue<ScoringSlot> free = new();
    private int atRest;

    public ScoringSlot Rent()
    {
        if (!free.TryDequeue(out var slot))
            return new ScoringSlot();
        Interlocked.Decrement(ref atRest);
        return slot;
    }

    public void Return(ScoringSlot slot)
    {
        slot.Clear();
        if (Interlocked.Increment(ref atRest) <= MostAtRest)
            free.Enqueue(slot);
        else
        {
            Interlocked.Decrement(ref atRest);
            slot.Dispose();
        }
    }
}
