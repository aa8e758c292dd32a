using System.Collections.Concurrent;
using MlOpsPortal.Platform.Data;

namespace MlOpsPortal.Access.Data;

/// <summary>Remembers what the database said for <see cref="Freshness"/>, and while the database is away for <see cref="Grace"/>, so that
/// who is at work stays at work. Answers of "nothing" are not remembered. Callers at the same time share one read.</summary>
internal sealed class ShortMemory<TKey, TValue>(TimeProvider time, Func<TKey, Task<TValue?>> read)
    where TKey : notnull
    where TValue : class
{
    /// <summary>A revocation counts within 5 s; one second of it is left for the read itself.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(4);

    /// <summary>An outage of a minute, and the 5 s that the last answer may have been old when it began.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(65);
    private const int Crowd = 20_000;
    private readonly ConcurrentDictionary<TKey, Slot> slots = new();

    public Task<TValue?> GetAsync(TKey key)
    {
        var slot = slots.GetValueOrDefault(key);
        if (slot is null || slot.Doubted || time.GetElapsedTime(slot.AskedAt) >= Freshness)
            slot = Renew(key, slot);
        return slot.Answer;
    }

    /// <summary>The next one to ask gets what the database says then, also when a read is under way now.</summary>
    public void Forget(TKey key) => slots.TryRemove(key, out _);

    /// <param name="which">By what never changes under a key, since while it is read anew only the value before is known.</param>
    public void ForgetWhere(Func<TValue, bool> which)
    {
        foreach (var (key, slot) in slots)
            if (slot.Last is not { } last || which(last.Value))
                slots.TryRemove(new(key, slot));
    }

    /// <summary>What changed may not have been heard: the database is asked again about everything. While it is away, <see cref="Grace"/> holds.</summary>
    public void DoubtAll()
    {
        foreach (var slot in slots.Values)
            slot.Doubted = true;
    }

    private Slot Renew(TKey key, Slot? before)
    {
        if (slots.Count > Crowd)
            ForgetOld();
        var fresh = new Slot(time.GetTimestamp(), before?.Last);
        fresh.ReadBy(() => ReadAsync(key, fresh));
        var won = before is null ? slots.TryAdd(key, fresh) : slots.TryUpdate(key, fresh, before);
        return won ? fresh : slots.GetValueOrDefault(key) ?? fresh;
    }

    private async Task<TValue?> ReadAsync(TKey key, Slot fresh)
    {
        try
        {
            var value = await read(key);
            if (value is null)
                slots.TryRemove(new(key, fresh));
            else
                fresh.Last = new Memory(value, time.GetTimestamp());
            return value;
        }
        catch (Exception exception) when (DatabaseAway.Is(exception) && fresh.Last is { } last && time.GetElapsedTime(last.At) < Grace)
        {
            return last.Value;
        }
        catch
        {
            slots.TryRemove(new(key, fresh));
            throw;
        }
    }

    private void ForgetOld()
    {
        foreach (var (key, slot) in slots)
            if (time.GetElapsedTime(slot.AskedAt) >= Freshness)
                slots.TryRemove(new(key, slot));
    }

    private sealed record Memory(TValue Value, long At);

    /// <param name="last">What was known before this reading; it holds until there is an answer, and for a while when none comes.</param>
    private sealed class Slot(long askedAt, Memory? last)
    {
        private Lazy<Task<TValue?>>? answer;

        public long AskedAt { get; } = askedAt;

        public bool Doubted { get; set; }

        public Memory? Last { get; set; } = last;

        public Task<TValue?> Answer => answer!.Value; // set before the slot is shown to anyone

        public void ReadBy(Func<Task<TValue?>> start) => answer = new(start);
    }
}
