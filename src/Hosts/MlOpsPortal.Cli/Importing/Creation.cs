using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Importing;

/// <summary>
/// Creates what no server would refuse to create twice. Looks before it creates when an earlier answer got lost, and for the first few of a process:
/// a killed import may have left as many requests on their way.
/// </summary>
/// <param name="parallel">Requests that an import has under way at most.</param>
internal sealed class Creation(int parallel, TimeProvider time)
{
    private readonly BackOff backOff = BackOff.Usual;
    private int looks = parallel * 4;

    /// <returns>The thing, and whether we made it now.</returns>
    public async Task<(T Thing, bool Made)> OnceAsync<T>(Func<Task<T?>> find, Func<Task<T>> create, CancellationToken stop)
        where T : class
    {
        var look = Interlocked.Decrement(ref looks) >= 0;
        for (var attempt = 1; ; attempt++)
        {
            if (look && await find() is { } found) return (found, false);
            try
            {
                return (await create(), true);
            }
            catch (UncertainAnswer lost) when (attempt >= backOff.Attempts)
            {
                throw new CliFailure($"The server does not confirm what it is asked to create ({lost.Message}); run the command again later, it continues.", lost);
            }
            catch (UncertainAnswer)
            {
                look = true;
                await Task.Delay(backOff.Pause(attempt, asked: null, Random.Shared.NextDouble()), time, stop);
            }
        }
    }
}
