using System.Net.Http.Json;
using System.Text;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>What the portal writes about its work, at its most talkative, holds no secret and no line that a stranger wrote (attacks 57, 58).</summary>
public sealed class LogTests
{
    private const string Planted = "canary-5e41c9";

    [Fact]
    public async Task No_secret_reaches_the_log_and_nobody_writes_lines_of_her_own()
    {
        await using var portal = await PortalProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug" }, TestContext.Current.CancellationToken);
        var tenant = await portal.TenantAsync("Secretive");
        var issued = await AttackAsync(portal, tenant);
        await BreakConnectionsAsync(portal);
        using (await tenant.Administrator.Client.GetAsync("/api/v1/projects"))
            await portal.StopAsync();

        var log = await File.ReadAllTextAsync(portal.LogFile, TestContext.Current.CancellationToken);
        log.Length.ShouldBeGreaterThan(10_000, "The log is there, and talkative.");
        log.ShouldContain("/api/v1/projects");
        foreach (var secret in portal.Secrets.Concat(tenant.Members.SelectMany(member => new[] { member.Token, member.Password })).Append(issued).Append(Planted))
            log.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"The log holds {secret[..4]}…: {Around(log, secret)}");
        log.ShouldNotContain("\u001b", customMessage: "an escape sequence of a caller's");
        log.Split('\n').ShouldNotContain(line => line.StartsWith("forged line", StringComparison.Ordinal));
    }

    /// <summary>Secrets and control characters wherever a caller can put them.</summary>
    /// <returns>A token that was made, and shown once.</returns>
    private static async Task<string> AttackAsync(PortalProcess portal, TestTenant tenant)
    {
        using var nobody = portal.Client();
        foreach (var (header, value) in new[]
        {
            ("Authorization", "Bearer mlp_" + Planted), ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + Planted))), ("Authorization", "Negotiate " + Planted),
            ("Cookie", "mlops.session=" + Planted), ("X-Api-Key", Planted), ("Idempotency-Key", Planted),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/projects") { Content = JsonContent.Create(new { name = "n" }) };
            request.Headers.TryAddWithoutValidation(header, value);
            request.Headers.TryAddWithoutValidation("User-Agent", "\u001b[31mred");
            (await nobody.SendAsync(request)).Dispose();
        }

        (await portal.SignInAsync(tenant[Role.DataScientist])).Dispose();
        await Should.ThrowAsync<InvalidOperationException>(() => portal.SignInAsync(tenant[Role.DataScientist] with { Password = Planted }));
        (await nobody.PostAsJsonAsync("/api/v1/invitations/accept", new { token = "mli_" + Planted, name = "Eve", password = Planted })).Dispose();
        using (var broken = new StringContent($"{{\"token\":\"mli_{Planted}\",\"password\":\"{Planted}\",", Encoding.UTF8, "application/json"))
            (await nobody.PostAsync("/api/v1/invitations/accept", broken)).Dispose();
        (await tenant.Administrator.Client.PostAsJsonAsync("/api/v1/projects", new { name = "name\r\nforged line\u001b[31m", summary = "s" })).Dispose();
        (await tenant.Administrator.Client.GetAsync("/api/v1/projects/name%0d%0aforged%20line%1b%5b31m")).Dispose();
        var token = await tenant[Role.DataScientist].PostAsync("/api/v1/tokens", new { name = "t", expiresAt = TimeProvider.System.GetUtcNow().AddDays(1) });
        return Modelling.Text(token, "token");
    }

    /// <summary>Connections that break under way make exceptions, and those are logged.</summary>
    private static async Task BreakConnectionsAsync(PortalProcess portal)
    {
        var server = (await TestServices.GetAsync()).Postgres;
        var name = new NpgsqlConnectionStringBuilder(portal.Database.App).Database;
        await DatabaseSetup.ExecuteAsync(server, "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", CancellationToken.None);
    }

    private static string Around(string log, string secret)
    {
        var at = Math.Max(0, log.IndexOf(secret, StringComparison.OrdinalIgnoreCase));
        return log[Math.Max(0, at - 200)..at].ReplaceLineEndings(" ");
    }
}
