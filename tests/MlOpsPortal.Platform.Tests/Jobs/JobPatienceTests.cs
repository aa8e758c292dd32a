using Azure;
using MlOpsPortal.Platform.Jobs;
using Npgsql;

namespace MlOpsPortal.Platform.Tests.Jobs;

public sealed class JobPatienceTests
{
    private static readonly JobOptions Options = new();
    private static readonly Exception Files = new RequestFailedException(503, "away");
    private static readonly Exception Database = new NpgsqlException("away", new IOException("reset"));

    [Fact]
    public void What_is_away_is_looked_for_at_once_then_rarer_and_never_rarer_than_twice_a_minute()
    {
        (TimeSpan, TimeSpan) After(double seconds) => (TimeSpan.FromSeconds(seconds), JobPatience.After(Files, TimeSpan.FromSeconds(seconds), 1, Options).Delay);
        After(0).ShouldBe((TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        After(10).ShouldBe((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)));
        After(600).ShouldBe((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Ten_minutes_away_cost_no_attempt_and_an_hour_is_the_end_of_patience()
    {
        foreach (var away in new[] { Files, Database })
        {
            JobPatience.After(away, TimeSpan.FromMinutes(10), 1, Options).Counts.ShouldBeFalse();
            JobPatience.After(away, TimeSpan.FromMinutes(61), 1, Options).Counts.ShouldBeTrue();
        }
    }

    [Fact]
    public void What_else_may_pass_counts_from_the_first_time()
    {
        foreach (var other in new Exception[] { new TimeoutException(), new IOException("No space left on device") })
            JobPatience.After(other, TimeSpan.Zero, 2, Options).ShouldBe((TimeSpan.FromSeconds(4), true, null));
    }

    [Fact]
    public void A_bug_does_not_pass()
    {
        JobPatience.MayPass(new InvalidOperationException("bug")).ShouldBeFalse();
        JobPatience.MayPass(new FileNotFoundException()).ShouldBeFalse();
    }

    [Fact]
    public void People_read_what_is_waited_for()
    {
        JobPatience.After(Files, TimeSpan.Zero, 1, Options).Why.ShouldBe(JobPatience.ForFiles);
        JobPatience.After(Database, TimeSpan.Zero, 1, Options).Why.ShouldBe(JobPatience.ForDatabase);
    }
}
