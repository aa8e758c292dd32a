using System.Text.Json;

namespace MlOpsPortal.Testing;

/// <summary>Waiting for what the portal does in the background.</summary>
public static class Jobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Asks until the answer is there.</summary>
    /// <exception cref="TimeoutException">It never came.</exception>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> ask)
        where T : class
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var end = new CancellationTokenSource(Patience);
        try
        {
            do
            {
                if (await ask() is { } answer)
                    return answer;
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // said below
        }

        throw new TimeoutException($"After {Patience.TotalMinutes:0} min still waiting for {what}.");
    }

    /// <summary>Waits until nothing of the project is queued or running.</summary>
    /// <returns>The newest job's id.</returns>
    /// <exception cref="InvalidOperationException">A job failed, with its sentence.</exception>
    public static Task<string> LastJobAsync(this HttpClient client, string project) => UntilAsync("the project's jobs", async () =>
    {
        using var answer = await client.GetAsync($"/api/v1/jobs?project={project}");
        var jobs = (await answer.RequiredAsync()).GetProperty("items").EnumerateArray().ToList();
        if (jobs.FirstOrDefault(job => job.GetProperty("state").GetString() is "failed") is { ValueKind: JsonValueKind.Object } failed)
            throw new InvalidOperationException($"{failed.GetProperty("title")}: {failed.GetProperty("fault")}");
        return jobs.Count > 0 && jobs.TrueForAll(job => job.GetProperty("state").GetString() is not ("queued" or "running")) ? jobs[0].GetProperty("id").GetString() : null;
    });
}
