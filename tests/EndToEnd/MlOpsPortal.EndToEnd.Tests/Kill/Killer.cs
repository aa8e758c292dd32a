using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>Kills the portal when so many operations have begun, and starts it again while the writers wait.</summary>
internal sealed class Killer(PortalProcess portal, IEnumerable<int> moments)
{
    private readonly Queue<int> ahead = new(moments.Order());
    private readonly List<TimeSpan> restarts = [];
    private readonly Lock turn = new();
    private Task back = Task.CompletedTask;
    private int begun;

    public IReadOnlyList<TimeSpan> Restarts => restarts;

    public Task PortalIsBack
    {
        get
        {
            lock (turn)
                return back;
        }
    }

    /// <summary>Called as an operation begins: others are under way at that moment.</summary>
    public void Note()
    {
        lock (turn)
        {
            begun++;
            if (ahead.TryPeek(out var moment) && begun >= moment && back.IsCompleted)
            {
                ahead.Dequeue();
                back = KillAndStartAsync();
            }
        }
    }

    private async Task KillAndStartAsync()
    {
        await Task.Yield(); // whoever noted this goes on with what it began
        await portal.KillAsync();
        restarts.Add(await portal.StartAgainAsync(CancellationToken.None));
    }
}
