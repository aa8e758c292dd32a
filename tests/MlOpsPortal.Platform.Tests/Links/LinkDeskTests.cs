using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Links;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Tests.Links;

public sealed class LinkDeskTests : IAsyncLifetime
{
    private const string Long = "projects/1/experiments/2/compare?runs=a,b&limit=params.lr%3D0.1..&axes=params.a%252Cb";
    private TestPlatform platform = null!; // set before each test

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LinkDesk Desk => platform.Services.GetRequiredService<LinkDesk>();

    private Caller Ada => platform.Caller;

    private Caller Colleague => Ada with { User = new UserId(Guid.CreateVersion7()) };

    private Caller Stranger => Ada with { Tenant = new TenantId(Guid.CreateVersion7()) };

    public async ValueTask InitializeAsync() => platform = await TestPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_link_leads_everybody_in_the_tenant_to_the_whole_address_and_nobody_else()
    {
        var code = (await Desk.KeepAsync(Ada, Long, Stop)).Value.ShouldNotBeNull();

        code.Length.ShouldBe(16);
        Uri.EscapeDataString(code).ShouldBe(code);
        (await Desk.FindAsync(Colleague, code, Stop)).Value.ShouldBe(Long);
        (await Desk.FindAsync(Stranger, code, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.FindAsync(Ada, "unheard-of", Stop)).Refusal.ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task The_same_address_has_the_same_link_whoever_copies_it()
    {
        var code = (await Desk.KeepAsync(Ada, Long, Stop)).Value;

        (await Desk.KeepAsync(Colleague, Long, Stop)).Value.ShouldBe(code);
        (await Desk.KeepAsync(Ada, Long + "&base=a", Stop)).Value.ShouldNotBe(code);
    }

    [Theory]
    [InlineData("https://elsewhere.example/t/x/")]
    [InlineData("//elsewhere.example/t/x/")]
    [InlineData("\\\\elsewhere.example\\t\\x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/operator")]
    [InlineData("../other/projects")]
    [InlineData("projects/../../other")]
    [InlineData("%2e%2e/other")]
    public async Task An_address_that_leaves_the_tenant_is_refused(string address) =>
        (await Desk.KeepAsync(Ada, address, Stop)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("links.elsewhere");

    [Fact]
    public async Task An_address_beyond_all_measure_is_refused() =>
        (await Desk.KeepAsync(Ada, new string('x', LinkDesk.LongestAddress + 1), Stop)).Refusal.ShouldBeOfType<Validation>().Kind.ShouldBe(ValidationKind.TooLarge);

    [Fact]
    public async Task Of_very_many_the_least_used_give_way_and_what_others_copied_stays()
    {
        var others = (await Desk.KeepAsync(Colleague, "projects/others", Stop)).Value.ShouldNotBeNull();
        var first = (await Desk.KeepAsync(Ada, "projects/first", Stop)).Value.ShouldNotBeNull();
        await using (var db = platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(Ada.Tenant))
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO platform.short_links (tenant_id, code, address, user_id, made_at, used_at)
                SELECT {Ada.Tenant.Value}, 'filled-' || n, 'projects/' || n, {Ada.User.Value}, now(), now() + interval '1 hour' FROM generate_series(1, {LinkDesk.MostLinks - 1}) n
                """, Stop);
        (await Desk.FindAsync(Ada, first, Stop)).Value.ShouldBe("projects/first");

        await Desk.KeepAsync(Ada, "projects/one-more", Stop);

        (await Desk.FindAsync(Ada, first, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.FindAsync(Ada, "filled-1", Stop)).Value.ShouldBe("projects/1");
        (await Desk.FindAsync(Ada, others, Stop)).Value.ShouldBe("projects/others");
    }
}
