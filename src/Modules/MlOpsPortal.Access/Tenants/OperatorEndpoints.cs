using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tenants;

public sealed record SuspendTenant(string Reason);

/// <summary><c>/api/v1/tenants</c>, for who keeps them.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperatorEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var tenants = endpoints.MapGroup("/api/v1/tenants").WithTags("Tenants");
        tenants.MapGet("", async (HttpContext context, OperatorDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(OperatorCaller.From(context.User), cancellationToken)).Map(items => new Page<TenantView>(items, null)).ToHttp())
            .Produces<Page<TenantView>>().WithName("ListTenants").WithSummary("Every tenant with its state, limits and amounts. For operators.");
        tenants.MapPost("", async (HttpContext context, CreateTenant request, OperatorDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(OperatorCaller.From(context.User), request, cancellationToken)).ToCreated(made => $"/api/v1/tenants/{made.Tenant.Id}"))
            .Produces<TenantMade>(StatusCodes.Status201Created).WithName("CreateTenant").WithSummary("A tenant and the invitation of its first administrator, whose token is shown this once. For operators.");
        tenants.MapPost("{id}/suspend", async (HttpContext context, TenantId id, SuspendTenant request, OperatorDesk desk, CancellationToken cancellationToken) =>
            (await desk.SuspendAsync(OperatorCaller.From(context.User), id, request.Reason, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("SuspendTenant").WithSummary("Keeps everybody out of a tenant within 5 seconds; nothing is deleted. For operators.");
        tenants.MapPost("{id}/resume", async (HttpContext context, TenantId id, OperatorDesk desk, CancellationToken cancellationToken) =>
            (await desk.ResumeAsync(OperatorCaller.From(context.User), id, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("ResumeTenant").WithSummary("Lets a suspended tenant's members in again. For operators.");
        tenants.MapPut("{id}/limits", async (HttpContext context, TenantId id, TenantLimits request, OperatorDesk desk, CancellationToken cancellationToken) =>
            (await desk.LimitAsync(OperatorCaller.From(context.User), id, request, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("LimitTenant").WithSummary("Sets how much a tenant may use; what it has already stays. For operators.");
    }
}
