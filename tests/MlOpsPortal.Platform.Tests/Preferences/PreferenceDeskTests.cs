using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Preferences;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Tests.Preferences;

public sealed class PreferenceDeskTests : IAsyncLifetime
{
    private TestPlatform platform = null!; // set before each test

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PreferenceDesk Desk => platform.Services.GetRequiredService<PreferenceDesk>();

    private Caller Ada => platform.Caller;

    public async ValueTask InitializeAsync() => platform = await TestPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task What_a_person_prefers_is_hers_alone_in_each_tenant()
    {
        await Desk.KeepAsync(Ada, "columns:1", "metrics.auc", Stop);

        (await Desk.FindAsync(Ada, "columns:1", Stop)).ShouldBe("metrics.auc");
        (await Desk.FindAsync(Ada, "columns:2", Stop)).ShouldBeNull();
        (await Desk.FindAsync(Ada with { User = new UserId(Guid.CreateVersion7()) }, "columns:1", Stop)).ShouldBeNull();
        (await Desk.FindAsync(Ada with { Tenant = new TenantId(Guid.CreateVersion7()) }, "columns:1", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task The_last_choice_counts_and_none_takes_it_away()
    {
        await Desk.KeepAsync(Ada, "columns:1", "a", Stop);
        await Desk.KeepAsync(Ada, "columns:1", "b\0", Stop);
        (await Desk.FindAsync(Ada, "columns:1", Stop)).ShouldBe("b");

        await Desk.KeepAsync(Ada, "columns:1", null, Stop);

        (await Desk.FindAsync(Ada, "columns:1", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_too_long_is_refused_and_what_was_there_stays()
    {
        await Desk.KeepAsync(Ada, "columns:1", "a", Stop);

        (await Desk.KeepAsync(Ada, "columns:1", new string('x', PreferenceDesk.LongestValue + 1), Stop)).Refusal.ShouldBeOfType<Validation>().Kind.ShouldBe(ValidationKind.TooLarge);

        (await Desk.FindAsync(Ada, "columns:1", Stop)).ShouldBe("a");
    }
}
