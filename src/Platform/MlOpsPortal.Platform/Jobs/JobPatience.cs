using Azure;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>How long, and how often, a job that could not go on is tried again. While a database or a file store is away no attempt is the job's own,
/// so it waits, the longer the rarer it looks; after <see cref="JobOptions.AwayPatience"/> attempts count again, so that nothing waits for ever.</summary>
internal static class JobPatience
{
    public const string ForFiles = "jobs.waiting_for_the_file_store";
    public const string ForDatabase = "jobs.waiting_for_the_database";
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    /// <summary>A database or a store that is away, a disk that is full. A file that is not there will not be there next time.</summary>
    public static bool MayPass(Exception exception) =>
        DatabaseAway.Is(exception) || BlobsAway.Is(exception) || exception is NpgsqlException or RequestFailedException or TimeoutException or (IOException and not FileNotFoundException);

    /// <param name="age">Since the job was first begun.</param>
    /// <param name="attempt">From 1.</param>
    /// <returns>When it is tried again, whether this attempt counts, and the step that people see meanwhile.</returns>
    public static (TimeSpan Delay, bool Counts, string? Why) After(Exception exception, TimeSpan age, int attempt, JobOptions options)
    {
        var why = BlobsAway.Is(exception) ? ForFiles : DatabaseAway.Is(exception) ? ForDatabase : null;
        if (why is null)
            return (TryAgain * attempt, true, null);
        var pause = Math.Min(Math.Max(TryAgain.Ticks, age.Ticks / 2), options.AwayPause.Ticks);
        return (TimeSpan.FromTicks(pause), age > options.AwayPatience, why);
    }
}
