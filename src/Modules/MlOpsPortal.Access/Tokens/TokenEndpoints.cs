using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tokens;

/// <summary><c>/api/v1/tokens</c> and <c>/api/v1/service-accounts</c></summary>
internal static class TokenEndpoints
{
    public static void MapTokenEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var tokens = endpoints.MapGroup("/api/v1/tokens").WithTags("Tokens");
        tokens.MapGet("", async (Caller caller, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, null, cancellationToken)).Map(items => new Page<TokenView>(items, null)).ToHttp())
            .Produces<Page<TokenView>>().WithName("ListTokens").WithSummary("One's own tokens, without their secrets.");
        tokens.MapPost("", async (Caller caller, IssueToken request, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.IssueAsync(caller, null, request, cancellationToken)).ToCreated(token => $"/api/v1/tokens/{token.Id}"))
            .Produces<TokenView>(StatusCodes.Status201Created).WithName("IssueToken").WithSummary("A token of one's own, for at most a year. The secret is shown this once.");
        tokens.MapDelete("{id}", async (Caller caller, TokenId id, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.RevokeAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("RevokeToken").WithSummary("Ends a token within 5 seconds, everywhere.");

        var services = endpoints.MapGroup("/api/v1/service-accounts").WithTags("Tokens");
        services.MapGet("", async (Caller caller, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListServiceAccountsAsync(caller, cancellationToken)).Map(items => new Page<MemberView>(items, null)).ToHttp())
            .Produces<Page<MemberView>>().WithName("ListServiceAccounts").WithSummary("Accounts of programs.");
        services.MapPost("", async (Caller caller, CreateServiceAccount request, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateServiceAccountAsync(caller, request, cancellationToken)).ToCreated(account => $"/api/v1/members/{account.User}"))
            .Produces<MemberView>(StatusCodes.Status201Created).WithName("CreateServiceAccount").WithSummary("An account without a password, for a program.");
        services.MapGet("{user}/tokens", async (Caller caller, UserId user, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, user, cancellationToken)).Map(items => new Page<TokenView>(items, null)).ToHttp())
            .Produces<Page<TokenView>>().WithName("ListServiceTokens").WithSummary("A service account's tokens, without their secrets.");
        services.MapPost("{user}/tokens", async (Caller caller, UserId user, IssueToken request, TokenDesk desk, CancellationToken cancellationToken) =>
            (await desk.IssueAsync(caller, user, request, cancellationToken)).ToCreated(token => $"/api/v1/tokens/{token.Id}"))
            .Produces<TokenView>(StatusCodes.Status201Created).WithName("IssueServiceToken").WithSummary("A token for a service account. The secret is shown this once.");
    }
}
