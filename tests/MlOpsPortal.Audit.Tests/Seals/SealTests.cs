using System.Globalization;
using System.Net;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Audit.Tests.Seals;

/// <summary>What the database's owner does to the trail is found out (attack 56).</summary>
public sealed class SealTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Address = "/api/v1/audit/seal";

    /// <summary>What is done to the third seal or its entry, and what the check says of it.</summary>
    public static TheoryData<string, string> Tampering => new()
    {
        { "UPDATE platform.audit SET actor_name = 'somebody else' WHERE tenant_id = $1 AND id = (SELECT entry_id FROM audit.seals WHERE tenant_id = $1 AND sequence = 3)", "audit.seal_broken" },
        { "UPDATE platform.audit SET at = at + interval '1 microsecond' WHERE tenant_id = $1 AND id = (SELECT entry_id FROM audit.seals WHERE tenant_id = $1 AND sequence = 3)", "audit.seal_broken" },
        { "UPDATE platform.audit SET detail = detail || '{\"x\": 1}' WHERE tenant_id = $1 AND id = (SELECT entry_id FROM audit.seals WHERE tenant_id = $1 AND sequence = 3)", "audit.seal_broken" },
        { "DELETE FROM platform.audit WHERE tenant_id = $1 AND id = (SELECT entry_id FROM audit.seals WHERE tenant_id = $1 AND sequence = 3)", "audit.entry_gone" },
        { "DELETE FROM audit.seals WHERE tenant_id = $1 AND sequence = 3", "audit.seal_missing" },
        { "UPDATE audit.seals seal SET hash = other.hash FROM audit.seals other WHERE seal.tenant_id = $1 AND other.tenant_id = $1 AND seal.sequence IN (3, 4) AND other.sequence = 7 - seal.sequence", "audit.seal_broken" },
    };

    [Fact]
    public async Task Every_entry_is_sealed_within_seconds_and_what_was_noted_is_found_again()
    {
        var root = (await portal.TenantAsync("Sealed")).Administrator;
        var noted = await SealedAsync(root);
        noted.Sequence.ShouldBeGreaterThan(3);
        (await CheckAsync(root)).GetProperty("checked").GetInt64().ShouldBeGreaterThanOrEqualTo(noted.Sequence);

        await InviteAsync(root);
        var later = await SealedAsync(root, noted.Sequence);

        later.Sequence.ShouldBeGreaterThan(noted.Sequence);
        (await CheckAsync(root, noted)).GetProperty("intact").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task What_was_changed_behind_the_portals_back_is_named(string sql, string code)
    {
        var tenant = await portal.TenantAsync("Tampered");
        await SealedAsync(tenant.Administrator);
        await ExecuteAsync(tenant, sql);

        var found = await CheckAsync(tenant.Administrator);

        found.GetProperty("intact").GetBoolean().ShouldBeFalse();
        found.GetProperty("checked").GetInt64().ShouldBe(2);
        Modelling.Text(found.GetProperty("fault"), "code").ShouldBe(code);
        Modelling.Text(found.GetProperty("fault"), "detail").ShouldContain("3");
    }

    [Fact]
    public async Task A_trail_that_was_cut_off_is_told_by_a_seal_that_was_noted()
    {
        var tenant = await portal.TenantAsync("Cut");
        var noted = await SealedAsync(tenant.Administrator);
        await ExecuteAsync(tenant, "WITH cut AS (DELETE FROM audit.seals WHERE tenant_id = $1 AND sequence > 3 RETURNING entry_id) DELETE FROM platform.audit WHERE tenant_id = $1 AND id IN (SELECT entry_id FROM cut)");

        (await CheckAsync(tenant.Administrator)).GetProperty("intact").GetBoolean().ShouldBeTrue("the chain itself cannot know");
        Modelling.Text((await CheckAsync(tenant.Administrator, noted)).GetProperty("fault"), "code").ShouldBe("audit.chain_cut");
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_is_told_by_a_seal_that_was_noted()
    {
        var tenant = await portal.TenantAsync("Anew");
        var noted = await SealedAsync(tenant.Administrator);
        await ExecuteAsync(tenant, "WITH gone AS (DELETE FROM audit.seals WHERE tenant_id = $1) UPDATE platform.audit SET actor_name = 'somebody else' WHERE tenant_id = $1");
        await SealedAsync(tenant.Administrator);

        (await CheckAsync(tenant.Administrator)).GetProperty("intact").GetBoolean().ShouldBeTrue("the chain itself cannot know");
        Modelling.Text((await CheckAsync(tenant.Administrator, noted)).GetProperty("fault"), "code").ShouldBe("audit.chain_rewritten");
    }

    [Fact]
    public async Task A_note_that_is_none_gets_a_sentence()
    {
        var root = (await portal.TenantAsync("Notes")).Administrator;
        foreach (var query in new[] { "?sequence=1", "?hash=" + new string('a', 64), "?sequence=0&hash=" + new string('a', 64), "?sequence=1&hash=abc" })
        {
            using var answer = await root.Client.GetAsync($"{Address}/check{query}");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
            (await answer.CodeAsync()).ShouldBe("audit.bad_note");
        }
    }

    /// <summary>Waits until nothing waits for its seal.</summary>
    private static async Task<(long Sequence, string Hash)> SealedAsync(TestMember who, long after = 0)
    {
        var state = await Jobs.UntilAsync("the seals", async () =>
        {
            var now = await who.GetAsync(Address);
            return now.GetProperty("waiting").GetInt64() == 0 && now.GetProperty("sequence").GetInt64() > after ? now.ToString() : null;
        });
        var last = JsonElement.Parse(state);
        return (last.GetProperty("sequence").GetInt64(), Modelling.Text(last, "hash"));
    }

    private static Task<JsonElement> CheckAsync(TestMember who, (long Sequence, string Hash)? noted = null) =>
        who.GetAsync(noted is { } seal ? string.Create(CultureInfo.InvariantCulture, $"{Address}/check?sequence={seal.Sequence}&hash={seal.Hash}") : $"{Address}/check");

    private static Task<JsonElement> InviteAsync(TestMember root) =>
        root.PostAsync("/api/v1/invitations", new { email = "new@company.example", roles = new[] { Role.Viewer.ToString() }, projects = Array.Empty<object>() });

    private async Task ExecuteAsync(TestTenant tenant, string sql)
    {
        await using var owner = NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        await using var command = owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Id.Value });
        (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
    }
}
