using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Drafts;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Registry;
using MlOpsPortal.Web.Components.Artifacts;
using MlOpsPortal.Web.Kit;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Artifacts;

/// <summary>Files of a run at a page's address. Nobody is signed in, so no draft is kept.</summary>
public abstract class ArtifactTest : KitTest
{
    private protected ArtifactTest()
    {
        Services.AddSingleton<IArtifactShelf>(Shelf);
        Services.AddSingleton(new RefusalTexts([RefusalTextSource.Of(typeof(PlatformModule)), RefusalTextSource.Of(typeof(RegistryModule))]));
        Services.AddScoped<Toasts>();
        Services.AddSingleton<AuthenticationStateProvider, Nobody>();
        Services.AddSingleton(new DraftDesk(new NoDatabase(), TimeProvider.System));
        At("/t/acme/runs/1");
    }

    private protected TestShelf Shelf { get; } = new();

    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));
    }

    private sealed class NoDatabase : ITenantDb<PlatformDbContext>
    {
        public PlatformDbContext Open(TenantId tenant) => throw new InvalidOperationException("Nobody has a draft here.");
    }
}
