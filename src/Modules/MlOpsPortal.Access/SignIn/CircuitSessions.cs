using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace MlOpsPortal.Access.SignIn;

/// <summary>Ends the sign-in of a circuit whose person has lost it. Every use case asks anew anyway; this takes away what is still on the screen, within 5 s.</summary>
internal sealed class CircuitSessions(ILoggerFactory loggerFactory, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(4);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        sessions.StandsAsync(authenticationState.User, cancellationToken);
}
