using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>Predictions between their answer and the log. Appending is one write(2), shared by the requests that come while another's is under way;
/// what is written survives a killed process. Bounded in records and bytes; the oldest files go when their predictions are in the log.</summary>
internal sealed class PredictionSpool : IDisposable
{
    private const long SegmentSize = 16L * 1024 * 1024;
    private readonly Lock gate = new();
    private readonly ServingOptions limits;
    private readonly string folder;
    private readonly FileStream owned;
    private readonly Queue<SpoolSegment> segments = new();
    private SpoolSegment active;
    private Group? filling;
    private Group? spare;
    private bool writing;
    private long records;
    private long bytes;
    private readonly long torn;
    private bool closed;

    public PredictionSpool(IOptions<PortalFolderOptions> place, IOptions<ServingOptions> limits, ILogger<PredictionSpool> log)
    {
        this.limits = limits.Value;
        folder = Directory.CreateDirectory(Path.Combine(place.Value.DataFolder, "spool")).FullName;
        owned = Own(folder);
        long last = 0;
        foreach (var segment in SpoolSegment.OpenAll(folder))
        {
            var (found, rest) = segment.Recover();
            if (rest > 0)
                log.LogWarning("{Bytes} bytes at the end of {File} are no whole record: their request was never answered", rest, segment.Path);
            records += found;
            bytes += segment.Length;
            torn += rest;
            last = segment.Number;
            segments.Enqueue(segment);
        }

        if (records > 0)
            log.LogInformation("{Records} predictions of an earlier process wait in the spool", records);
        active = SpoolSegment.Create(folder, last + 1);
        segments.Enqueue(active);
    }

    /// <summary>Predictions that wait.</summary>
    public long Records => Interlocked.Read(ref records);

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Bytes that a crash left without a whole record.</summary>
    public long Torn => torn;

    /// <summary>Writes frames; when the task is done they are in the file.</summary>
    /// <returns>False when there is no room.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public ValueTask<bool> AppendAsync(ReadOnlySpan<byte> frames, int count)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (Records + count > limits.SpoolRecords || Bytes + frames.Length > limits.SpoolBytes)
                return ValueTask.FromResult(false);
            Interlocked.Add(ref records, count);
            Interlocked.Add(ref bytes, frames.Length);
            if (writing)
            {
                filling ??= Interlocked.Exchange(ref spare, null) ?? new Group();
                return new ValueTask<bool>(filling.Add(frames, count));
            }

            writing = true;
        }

        try
        {
            Write(frames);
        }
        catch (IOException)
        {
            GiveBack(count, frames.Length);
            throw;
        }
        finally
        {
            HandOver();
        }

        return ValueTask.FromResult(true);
    }

    /// <summary>The oldest predictions that wait, checked and read. One reader at a time.</summary>
    /// <returns>Empty when nothing waits.</returns>
    public SpoolBatch Read(int most)
    {
        const int MostBytes = 8 * 1024 * 1024;
        SpoolSegment segment;
        lock (gate)
        {
            while (segments.Peek() is var oldest && oldest != active && oldest.ReadTo >= oldest.Length)
                segments.Dequeue().Delete();
            segment = segments.Peek();
        }

        var available = segment.Length - segment.ReadTo;
        if (available == 0)
            return SpoolBatch.Empty;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(available, Math.Max(MostBytes, SpoolFrame.MaxLength + SpoolFrame.HeaderSize)));
        try
        {
            var read = segment.Read(buffer.AsSpan(0, (int)Math.Min(available, buffer.Length)), segment.ReadTo);
            var found = new List<LoggedPrediction>();
            var at = 0;
            while (found.Count < most && SpoolFrame.Check(buffer.AsSpan(at, read - at)) is > 0 and var frame)
            {
                found.Add(SpoolFrame.Read(buffer.AsSpan(at, frame)));
                at += frame;
            }

            return at > 0 ? new SpoolBatch(segment, found, at) : throw new InvalidDataException($"The record at {segment.ReadTo} of {segment.Path} is damaged.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The batch is in the log.</summary>
    public void Done(SpoolBatch batch)
    {
        if (batch.Segment is not { } segment)
            return;
        segment.ReadTo += batch.Length;
        GiveBack(batch.Predictions.Count, batch.Length);
        lock (gate)
            if (!writing && segment == active && segment.ReadTo >= segment.Length && segment.Length > 0)
                Rotate();
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            foreach (var segment in segments)
                if (segment.ReadTo >= segment.Length)
                    segment.Delete();
                else
                    segment.Dispose();
        }

        owned.Dispose();
    }

    private static FileStream Own(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException($"Another portal process uses {folder}. Give each process a data folder of its own (Portal:DataFolder).", exception);
        }
    }

    /// <summary>Only by the one who is writing.</summary>
    private void Write(ReadOnlySpan<byte> frames)
    {
        if (active.Length >= SegmentSize)
            lock (gate)
                Rotate();
        active.Write(frames);
    }

    private void Rotate()
    {
        active = SpoolSegment.Create(folder, active.Number + 1);
        segments.Enqueue(active);
    }

    private void GiveBack(int count, long length)
    {
        Interlocked.Add(ref records, -count);
        Interlocked.Add(ref bytes, -length);
    }

    /// <summary>Whoever came meanwhile is written by the pool, so that no request waits for the ones behind it.</summary>
    private void HandOver()
    {
        lock (gate)
        {
            if (filling is null)
            {
                writing = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static spool => spool.WriteGroups(), this, preferLocal: false);
    }

    private void WriteGroups()
    {
        while (true)
        {
            Group group;
            lock (gate)
            {
                if (filling is null)
                {
                    writing = false;
                    return;
                }

                (group, filling) = (filling, null);
            }

            try
            {
                Write(group.Frames);
                group.Succeed();
            }
            catch (IOException exception)
            {
                GiveBack(group.Count, group.Frames.Length);
                group.Fail(exception);
            }

            group.Clear();
            Interlocked.Exchange(ref spare, group);
        }
    }

    /// <summary>Requests whose frames go out in one write.</summary>
    private sealed class Group
    {
        private readonly ArrayBufferWriter<byte> frames = new(64 * 1024);
        private TaskCompletionSource<bool> written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ReadOnlySpan<byte> Frames => frames.WrittenSpan;

        public int Count { get; private set; }

        public Task<bool> Add(ReadOnlySpan<byte> more, int count)
        {
            frames.Write(more);
            Count += count;
            return written.Task;
        }

        public void Succeed() => written.SetResult(true);

        public void Fail(IOException exception) => written.SetException(exception);

        public void Clear()
        {
            frames.ResetWrittenCount();
            Count = 0;
            written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>Predictions read from the spool, to be logged and then struck out.</summary>
internal sealed record SpoolBatch(SpoolSegment? Segment, IReadOnlyList<LoggedPrediction> Predictions, int Length)
{
    public static readonly SpoolBatch Empty = new(null, [], 0);
}
