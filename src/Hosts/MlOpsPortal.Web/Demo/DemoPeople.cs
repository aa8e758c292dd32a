using System.Security.Cryptography;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Web.Demo;

/// <summary>The people of the demo tenant, one per role, with random passwords and a token each.</summary>
internal sealed class DemoPeople(TenantDesk tenants, AccountDesk accounts, TokenDesk tokens, TimeProvider time)
{
    public const string Slug = "alder";
    private const string ViewerService = "dashboard";
    private const string TenantName = "Alder Stores";
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(90);

    private static readonly (string Name, Role Role)[] People =
    [
        ("Ana Reyes", Role.BusinessOwner), ("Mara Lindqvist", Role.DataScientist), ("Jon Okafor", Role.DataEngineer), ("Lena Brandt", Role.MlOpsEngineer),
        ("Rui Costa", Role.RiskManager), ("Tess Moreau", Role.TenantAdministrator), ("Sam Ito", Role.Viewer),
    ];

    /// <summary>Makes whoever is missing. What <paramref name="before"/> says of people who are there stays true.</summary>
    public async Task<(TenantSummary Tenant, IReadOnlyDictionary<Role, Caller> Callers, IReadOnlyList<DemoAccount> Accounts)> EnsureAsync(DemoFile? before, CancellationToken cancellationToken)
    {
        var tenant = await tenants.FindAsync(Slug, cancellationToken) ?? (await tenants.CreateAsync(TenantName, Slug, cancellationToken)).Required();
        var callers = new Dictionary<Role, Caller>();
        var list = new List<DemoAccount>();
        foreach (var (name, role) in People)
        {
            var email = $"{name.Split(' ')[0].ToLowerInvariant()}@alder.example";
            var known = before?.Accounts.FirstOrDefault(account => account.Email == email);
            var password = known?.Password ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
            var account = await accounts.FindAsync(email, cancellationToken) switch
            {
                null => (await accounts.CreateAsync(email, name, password, cancellationToken)).Required(),
                { } there when known is not null => there,
                _ => throw new InvalidOperationException($"{email} exists but its password is in no demo file any more. Start with --fresh to make the demo anew."),
            };
            (await tenants.AddMemberAsync(tenant.Id, account, [role], cancellationToken)).Required();
            if (role == Role.TenantAdministrator)
                await accounts.MakeOperatorAsync(account.UserId, cancellationToken);
            var caller = new Caller(tenant.Id, account.UserId, account.Name);
            callers[role] = caller;
            list.Add(new DemoAccount(Words(role), name, email, password, known?.Token ?? await TokenAsync(caller, callers, role, cancellationToken)));
        }

        return (tenant, callers, list);
    }

    /// <summary>A person's own token. A viewer may not issue one: what a viewer's program would use is a service account that only looks.</summary>
    private async Task<string> TokenAsync(Caller caller, Dictionary<Role, Caller> callers, Role role, CancellationToken cancellationToken)
    {
        var request = new IssueToken("demo", time.GetUtcNow() + TokenLife);
        if (role != Role.Viewer)
            return Secret((await tokens.IssueAsync(caller, owner: null, request, cancellationToken)).Required());
        var administrator = callers[Role.TenantAdministrator];
        var service = (await tokens.ListServiceAccountsAsync(administrator, cancellationToken)).Required().FirstOrDefault(account => account.Name == ViewerService)
            ?? (await tokens.CreateServiceAccountAsync(administrator, new CreateServiceAccount(ViewerService, [Role.Viewer]), cancellationToken)).Required();
        return Secret((await tokens.IssueAsync(administrator, service.User, request, cancellationToken)).Required());
    }

    private static string Secret(TokenView issued) => issued.Token ?? throw new InvalidOperationException("A fresh token shows its secret once.");

    private static string Words(Role role) => role switch
    {
        Role.BusinessOwner => "business owner",
        Role.DataScientist => "data scientist",
        Role.DataEngineer => "data engineer",
        Role.MlOpsEngineer => "ML Ops engineer",
        Role.RiskManager => "risk manager",
        Role.TenantAdministrator => "administrator",
        Role.Viewer => "viewer",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No such role."),
    };
}
