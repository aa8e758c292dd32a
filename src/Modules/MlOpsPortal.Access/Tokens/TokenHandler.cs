using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Access.Tokens;

/// <summary><c>Authorization: Bearer mlp_…</c>, or Basic with the token as password and any user name, which is what MLflow's clients can send.
/// Never from an address: those are logged.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenDirectory tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private SuspendedTenant? suspended;
    private static readonly AuthenticateResult Unknown = AuthenticateResult.Fail("No token in force.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0)
            return AuthenticateResult.NoResult();
        if (headers.Count > 1 || headers[0] is not { } header)
            return Unknown;
        TokenGrant? grant = null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            grant = await tokens.FindAsync(header, Bearer.Length..);
        else if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && Password(header.AsSpan(Basic.Length)) is { } password)
            grant = await tokens.FindAsync(password, ..);
        suspended = grant?.Suspended;
        return grant is { Suspended: null } ? grant.Success : Unknown;
    }

    /// <summary>Whoever has a token of a suspended tenant knows the tenant, and may know why nothing works.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        suspended is { } tenant ? Problems.WriteAsync(Context, tenant.Refusal) : Unauthenticated.WriteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.WriteAsync(Context, new Forbidden("access.no_tenant"));

    private static string? Password(ReadOnlySpan<char> encoded)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
