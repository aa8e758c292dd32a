using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Platform.Tests.Jobs;

public sealed class ScheduleTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private TestPlatform platform = null!; // set before the first test

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ScheduleClock Clock => platform.Services.GetRequiredService<ScheduleClock>();

    private PortalDatabase Database => platform.Services.GetRequiredService<PortalDatabase>();

    public async ValueTask InitializeAsync() => platform = await TestPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_time_comes_once_however_many_look()
    {
        (await SetAsync("a", Hour)).Required();
        (await Clock.TickAsync(Stop)).ShouldBe(0);
        await ExecuteAsync("UPDATE platform.schedules SET next_at = now() - interval '1 second'");

        var begun = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Clock.TickAsync(Stop)));

        begun.Sum().ShouldBe(1);
        (await AskAsync<long>("SELECT count(*) FROM platform.jobs WHERE kind = 'test' AND state = 'Queued' AND created_by_name = 'MlOpsPortal'")).ShouldBe(1);
        (await AskAsync<bool>("SELECT bool_and(next_at > now() AND next_at <= now() + every) FROM platform.schedules")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_missed_is_made_up_for_once_and_the_rhythm_stays()
    {
        (await SetAsync("a", Hour)).Required();
        await ExecuteAsync("UPDATE platform.schedules SET first_at = now() - interval '10 hours 20 minutes', next_at = now() - interval '9 hours 20 minutes'");
        (await Clock.TickAsync(Stop)).ShouldBe(1);
        (await Clock.TickAsync(Stop)).ShouldBe(0);
        (await AskAsync<bool>("SELECT next_at = first_at + interval '11 hours' FROM platform.schedules")).ShouldBeTrue();
    }

    [Fact]
    public async Task While_the_last_job_is_under_way_none_is_begun()
    {
        (await SetAsync("a", Hour)).Required();
        await ExecuteAsync("UPDATE platform.schedules SET next_at = now()");
        (await Clock.TickAsync(Stop)).ShouldBe(1);
        await ExecuteAsync("UPDATE platform.schedules SET next_at = now()");
        (await Clock.TickAsync(Stop)).ShouldBe(0);
        await ExecuteAsync("UPDATE platform.jobs SET state = 'Succeeded'");
        await ExecuteAsync("UPDATE platform.schedules SET next_at = now()");
        (await Clock.TickAsync(Stop)).ShouldBe(1);
    }

    [Fact]
    public async Task Too_often_and_too_many_are_refused()
    {
        (await SetAsync("a", TimeSpan.FromSeconds(1))).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Code.ShouldBe("schedules.interval");
        (await SetAsync("a", TimeSpan.FromDays(400))).Refusal.ShouldBeOfType<Validation>();
        for (var subject = 0; subject < new ScheduleOptions().MostPerTenant; subject++)
            (await SetAsync($"s{subject}", Hour)).Required();
        (await SetAsync("one more", Hour)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("schedules.too_many");
        (await SetAsync("s0", 2 * Hour)).Required(); // one that is there may be changed
    }

    [Fact]
    public async Task A_schedule_that_is_removed_begins_nothing()
    {
        (await SetAsync("a", Hour)).Required();
        await using (var db = Open())
        {
            await ScheduleDesk.RemoveAsync(db, "test", "a", Stop);
            await db.SaveChangesAsync(Stop);
        }

        (await AskAsync<long>("SELECT count(*) FROM platform.schedules")).ShouldBe(0);
    }

    [Fact]
    public void Times_are_whole_intervals_after_the_first_and_never_behind()
    {
        var first = new DateTimeOffset(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);
        ScheduleDesk.Next(first, Hour, first.AddMinutes(-1)).ShouldBe(first);
        ScheduleDesk.Next(first, Hour, first).ShouldBe(first + Hour);
        ScheduleDesk.Next(first, TimeSpan.FromDays(7), first.AddDays(400)).ShouldBe(first.AddDays(406));
    }

    private async Task<Result<Done>> SetAsync(string subject, TimeSpan every)
    {
        await using var db = Open();
        var set = await platform.Services.GetRequiredService<ScheduleDesk>().SetAsync(db, new NewSchedule("test", new Subject("thing", subject, subject, null), subject, every, null, new { }), Stop);
        if (set.IsOk)
            await db.SaveChangesAsync(Stop);
        return set;
    }

    private PlatformDbContext Open() => platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(platform.Caller.Tenant);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Database.System.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Database.System.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Stop))!; // none of them is null
    }
}
