using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Testing;

/// <summary>Makes tenants, accounts and tokens by Access's use cases, beside the portal: no endpoint leads to them.</summary>
internal sealed class Arrangement : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly TestPortal portal;

    public Arrangement(TestPortal portal)
    {
        this.portal = portal;
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddPortalModules(new ConfigurationBuilder().AddInMemoryCollection(portal.Settings.Values()).Build());
        collection.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
        services = collection.BuildServiceProvider();
    }

    public async Task<TestTenant> TenantAsync(string name)
    {
        var mark = Guid.NewGuid().ToString("n")[..8];
        var tenant = (await services.GetRequiredService<TenantDesk>().CreateAsync(name, $"t-{mark}", CancellationToken.None)).Required();
        var members = new Dictionary<Role, TestMember>();
        foreach (var role in Enum.GetValues<Role>())
            members[role] = await MemberAsync(tenant, role.ToString(), mark, [role]);
        var outsider = await MemberAsync(tenant, "Outsider", mark, [.. Enum.GetValues<Role>().Where(role => role != Role.TenantAdministrator)]);
        return new TestTenant(tenant, members, outsider);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<TestMember> MemberAsync(TenantSummary tenant, string word, string mark, Role[] roles)
    {
        var (name, email, password) = ($"{word} of {tenant.Name}", $"{word.ToLowerInvariant()}@{tenant.Name.ToLowerInvariant()}-{mark}.example", Guid.NewGuid().ToString());
        var account = (await services.GetRequiredService<AccountDesk>().CreateAsync(email, name, password, CancellationToken.None)).Required();
        // Who may only read is given no token of her own: she gets hers in another role, narrowed, and then loses that role.
        var readsOnly = roles is [Role.Viewer];
        (await services.GetRequiredService<TenantDesk>().AddMemberAsync(tenant.Id, account, readsOnly ? [Role.DataScientist, Role.Viewer] : [.. roles], CancellationToken.None)).Required();
        var caller = new Caller(tenant.Id, account.UserId, name);
        var wanted = new IssueToken("tests", TimeProvider.System.GetUtcNow().AddDays(1), readsOnly ? [Role.Viewer] : null);
        var token = (await services.GetRequiredService<TokenDesk>().IssueAsync(caller, owner: null, wanted, CancellationToken.None)).Required();
        if (readsOnly)
            (await services.GetRequiredService<MemberDesk>().ChangeRolesAsync(Caller.Portal(tenant.Id), account.UserId, [.. roles], expectedVersion: null, CancellationToken.None)).Required();
        return new TestMember(account.UserId, name, email, password, token.Token!, portal.Client(token.Token)); // just issued, so it is shown
    }
}
