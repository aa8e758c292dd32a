namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>Kills something when so many operations have begun, and brings it back while the writers wait.</summary>
/// <param name="strike">Kills and starts again; gives how long it took until the portal was ready after the start.</param>
internal sealed class Killer(Func<Task<TimeSpan>> strike, IEnumerable<int> moments)
{
    private readonly Queue<int> ahead = new(moments.Order());
    private readonly List<TimeSpan> recoveries = [];
    private readonly Lock turn = new();
    private Task back = Task.CompletedTask;
    private int begun;

    public IReadOnlyList<TimeSpan> Recoveries => recoveries;

    public Task IsBack
    {
        get
        {
            lock (turn)
                return back;
        }
    }

    /// <summary>Evenly over the operations, each a little off: never twice at the same point of the work.</summary>
    public static IEnumerable<int> Moments(int rounds, int operations, Random random) =>
        Enumerable.Range(0, rounds).Select(round => (round * operations / rounds) + random.Next(operations / rounds / 4, operations / rounds));

    /// <summary>Called as an operation begins: others are under way at that moment.</summary>
    public void Note()
    {
        lock (turn)
        {
            begun++;
            if (ahead.TryPeek(out var moment) && begun >= moment && back.IsCompleted)
            {
                ahead.Dequeue();
                back = StrikeAsync();
            }
        }
    }

    private async Task StrikeAsync()
    {
        await Task.Yield(); // whoever noted this goes on with what it began
        recoveries.Add(await strike());
    }
}
