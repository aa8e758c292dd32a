using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A job came to its end.</summary>
/// <param name="Seconds">From its beginning.</param>
public sealed record JobEnded(JobState State, double Seconds) : DomainEvent(JobEnded.Name)
{
    public const string Name = "job.ended";
}

/// <summary>Whoever started a job is told when it failed, and when it took so long that she has turned to something else.</summary>
internal sealed class JobRule : INotificationRule
{
    private const double Long = 30;

    public IReadOnlyCollection<string> EventTypes { get; } = [JobEnded.Name];

    public Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        var ended = happened.Read<JobEnded>();
        IReadOnlyList<Notice> notices = ended.State switch
        {
            JobState.Failed => [Notice("failed")],
            JobState.Succeeded when ended.Seconds >= Long => [Notice("is done") with { Mail = false }],
            _ => [],
        };
        return Task.FromResult(notices);

        Notice Notice(string what) => new(Audience.Of(happened.Actor), "job", $"{happened.SubjectName} {what}", null, $"/jobs/{happened.SubjectId}") { ActorToo = true };
    }
}
