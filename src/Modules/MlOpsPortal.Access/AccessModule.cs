using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access;

/// <summary>Section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>Tries to sign in or to accept an invitation, per minute and network address. 5 to 100,000, default 30.</summary>
    [Range(5, 100_000)]
    public int SignInsPerMinute { get; set; } = 30;

    /// <summary>Tries for one e-mail address, per minute, wherever they come from. 5 to 100,000, default 20.</summary>
    [Range(5, 100_000)]
    public int SignInsPerAccountPerMinute { get; set; } = 20;

    /// <summary>Wrong passwords in a row after which an account rests. 3 to 100, default 10.</summary>
    [Range(3, 100)]
    public int LockOutAfter { get; set; } = 10;

    /// <summary>How long it rests, minutes. 1 to 1,440, default 5.</summary>
    [Range(1, 1_440)]
    public int LockOutMinutes { get; set; } = 5;
}

/// <summary>Who may come in, and what they may do there.</summary>
public static class AccessModule
{
    /// <summary>Call after the pages were added (AddPortalUi): the circuit's sign-in is watched from here.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection("Access")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(RefusalTextSource.Of(typeof(AccessModule)));
        services.AddSingleton(new PermissionList("access", AccessPermissions.All));
        AddData(services);
        AddUseCases(services);
        AddSchemes(services);
        return services;
    }

    /// <summary>The work in the background that only a serving portal does.</summary>
    public static IServiceCollection AddAccessBackground(this IServiceCollection services) => services.AddHostedService(provider => provider.GetRequiredService<ForgottenPasswords>());

    /// <summary>Authentication, the tenant's share of requests, the same-origin wall and authorization, in this order. After routing, before antiforgery and everything that answers.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseAuthentication().UseMiddleware<TenantRequests>().UseMiddleware<SameOrigin>().UseAuthorization();

    public static IEndpointRouteBuilder MapAccessEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMemberEndpoints();
        endpoints.MapScopeMemberEndpoints();
        endpoints.MapInvitationEndpoints();
        endpoints.MapTokenEndpoints();
        endpoints.MapSessionEndpoints();
        endpoints.MapOperatorEndpoints();
        return endpoints;
    }

    /// <summary>The first tenant and its administrator, once: only while nobody is a member of any tenant. For the verb <c>bootstrap</c>, off line.</summary>
    public static Task<Result<BootstrapDone>> BootstrapAsync(
        IServiceProvider services, string tenantName, string slug, string email, string name, string password, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<Bootstrap>().RunAsync(new FirstTenant(tenantName, slug, email, name, password), cancellationToken);

    private static void AddData(IServiceCollection services)
    {
        services.AddSingleton<IMigrations, AccountsMigrations>();
        services.AddTenantDb<AccessDbContext>();
        services.AddSingleton<Accounts>();
        services.AddScoped(provider => provider.GetRequiredService<Accounts>().Open());
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>(); // before Identity's own registration, which is scoped
        services.AddIdentityCore<Account>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.User.RequireUniqueEmail = false; // the unique index sees to it; Identity's own check would ask a service for an e-mail
                options.User.AllowedUserNameCharacters = "";
                options.Password = new PasswordOptions
                {
                    RequiredLength = 12, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false, RequiredUniqueChars = 1,
                };
            })
            .AddEntityFrameworkStores<AccountsDbContext>();
        // PBKDF2 with HMAC-SHA512: the iterations that OWASP's password storage cheat sheet asks for.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
    }

    private static void AddUseCases(IServiceCollection services)
    {
        services.AddSingleton<Standings>();
        services.AddSingleton<OwnRoles>();
        services.AddSingleton<RoleWords>();
        services.AddSingleton<IPermissions, MemberPermissions>();
        services.AddSingleton<IPeople, People>();
        services.AddSingleton<TokenDirectory>();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<TenantDesk>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<Bootstrap>();
        services.AddSingleton<TenantBook>();
        services.AddSingleton<TenantRequestLimiter>();
        services.AddSingleton<ITenantLimits>(provider => provider.GetRequiredService<TenantBook>());
        services.AddSingleton<OperatorDesk>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SessionBook>();
        services.AddSingleton<PasswordDesk>();
        services.AddSingleton<ForgottenPasswords>();
        services.AddSingleton<EffectivePermissions>();
        services.AddSingleton<MemberLeavingDesk>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<MemberLimit>();
        services.AddSingleton<MemberDesk>();
        services.AddSingleton<ScopeMemberDesk>();
        services.AddSingleton<InvitationDesk>();
        services.AddScoped<AuthenticationStateProvider, CircuitSessions>();
    }

    private static void AddSchemes(IServiceCollection services)
    {
        services.AddAuthentication(AccessSchemes.Portal)
            .AddPolicyScheme(AccessSchemes.Portal, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? AccessSchemes.Token : AccessSchemes.Cookie)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(AccessSchemes.Token, null)
            .AddCookie(AccessSchemes.Cookie, SessionCookie.Configure);
        services.AddAuthorization(options =>
        {
            options.DefaultPolicy = options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(CallerClaims.Tenant).Build();
            options.AddPolicy(AccessSchemes.SignedIn, policy => policy.RequireAuthenticatedUser());
        });
    }
}
