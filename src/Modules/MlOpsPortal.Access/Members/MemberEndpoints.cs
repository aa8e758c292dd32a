using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Members;

public sealed record ChangeRoles(ImmutableArray<Role> Roles);

public sealed record DisableMember(bool Disabled);

/// <summary><c>/api/v1/members</c></summary>
internal static class MemberEndpoints
{
    public static void MapMemberEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var members = endpoints.MapGroup("/api/v1/members").WithTags("Members");
        members.MapGet("", async (Caller caller, MemberDesk desk, int? limit, string? cursor, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<MemberView>>().WithName("ListMembers").WithSummary("The tenant's members, people and service accounts.");
        members.MapPut("{user}/roles", async (Caller caller, UserId user, ChangeRoles request, IfMatch seen, MemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.ChangeRolesAsync(caller, user, request.Roles, seen.Version, cancellationToken)).ToHttp())
            .Produces<MemberView>().WithName("ChangeMemberRoles").WithSummary("Sets a member's roles in the tenant. The last administrator stays one.");
        members.MapPut("{user}/disabled", async (Caller caller, UserId user, DisableMember request, IfMatch seen, MemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.DisableAsync(caller, user, request.Disabled, seen.Version, cancellationToken)).ToHttp())
            .Produces<MemberView>().WithName("DisableMember").WithSummary("Keeps a member out of the tenant, sessions and tokens included, or lets her in again.");
        members.MapGet("{user}/permissions", async (Caller caller, UserId user, ScopeId? project, EffectivePermissions desk, CancellationToken cancellationToken) =>
            (await desk.OfAsync(caller, user, project, cancellationToken)).ToHttp())
            .Produces<EffectivePermissionsView>().WithName("ExplainPermissions").WithSummary("What a member may do in the tenant or in a project, and which role on which of them gives it. One's own, or anyone's for an administrator.");
        members.MapGet("{user}/leaving", async (Caller caller, UserId user, MemberLeavingDesk desk, CancellationToken cancellationToken) =>
            (await desk.LookAsync(caller, user, cancellationToken)).ToHttp())
            .Produces<MemberLeaving>().WithName("LookAtLeaving").WithSummary("What would break if a member were removed.");
        members.MapPost("{user}/password-reset", async (Caller caller, UserId user, ResetPassword request, PasswordDesk desk, CancellationToken cancellationToken) =>
            (await desk.IssueAsync(caller, user, request, cancellationToken)).ToHttp())
            .Produces<PasswordResetView>().WithName("IssuePasswordReset").WithSummary("A single-use link to a new password, for an hour: shown this once, or mailed. Its address is /reset-password/{token}.");
        members.MapDelete("{user}", async (Caller caller, UserId user, IfMatch seen, MemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.RemoveAsync(caller, user, seen.Version, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("RemoveMember").WithSummary("Ends a membership, with those of its projects and its tokens.");
    }
}

/// <summary><c>/api/v1/projects/{id}/members</c></summary>
internal static class ScopeMemberEndpoints
{
    public static void MapScopeMemberEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var members = endpoints.MapGroup("/api/v1/projects/{project}/members").WithTags("Members");
        members.MapGet("", async (Caller caller, ScopeId project, ScopeMemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, project, cancellationToken)).Map(items => new Page<ScopeMemberView>(items, null)).ToHttp())
            .Produces<Page<ScopeMemberView>>().WithName("ListProjectMembers").WithSummary("Who works on a project, with the roles there and in the tenant.");
        members.MapPut("{user}", async (Caller caller, ScopeId project, UserId user, ChangeRoles request, IfMatch seen, ScopeMemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.PutAsync(caller, project, user, request.Roles, seen.Version, cancellationToken)).ToHttp())
            .Produces<ScopeMemberView>().WithName("PutProjectMember").WithSummary("Adds a member of the tenant to a project, or changes her roles there.");
        members.MapDelete("{user}", async (Caller caller, ScopeId project, UserId user, IfMatch seen, ScopeMemberDesk desk, CancellationToken cancellationToken) =>
            (await desk.RemoveAsync(caller, project, user, seen.Version, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("RemoveProjectMember").WithSummary("Takes a member off a project.");
    }
}

/// <summary><c>/api/v1/invitations</c></summary>
internal static class InvitationEndpoints
{
    public static void MapInvitationEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var invitations = endpoints.MapGroup("/api/v1/invitations").WithTags("Members");
        invitations.MapGet("", async (Caller caller, InvitationDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, cancellationToken)).Map(items => new Page<InvitationView>(items, null)).ToHttp())
            .Produces<Page<InvitationView>>().WithName("ListInvitations").WithSummary("The invitations that are open.");
        invitations.MapPost("", async (Caller caller, Invite request, InvitationDesk desk, CancellationToken cancellationToken) =>
            (await desk.InviteAsync(caller, request, cancellationToken)).ToCreated(invitation => $"/api/v1/invitations/{invitation.Id}"))
            .Produces<InvitationView>(StatusCodes.Status201Created).WithName("Invite")
            .WithSummary("Invites an e-mail address for 7 days. The token is shown this once; its link is /invitation/{token}.");
        invitations.MapDelete("{id}", async (Caller caller, InvitationId id, InvitationDesk desk, CancellationToken cancellationToken) =>
            (await desk.WithdrawAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("WithdrawInvitation").WithSummary("Makes an open invitation's link useless.");
        invitations.MapPost("{id}/send-again", async (Caller caller, InvitationId id, SendAgain request, InvitationDesk desk, CancellationToken cancellationToken) =>
            (await desk.SendAgainAsync(caller, id, request, cancellationToken)).ToHttp())
            .Produces<InvitationView>().WithName("SendInvitationAgain").WithSummary("A fresh link for 7 more days, shown this once or mailed; the one before leads nowhere.");
        invitations.MapPost("accept", async (AcceptInvitation request, HttpContext context, InvitationDesk desk, CancellationToken cancellationToken) =>
            (await desk.AcceptAsync(request, context.Connection.RemoteIpAddress, cancellationToken)).Map(_ => Done.Instance).ToHttp())
            .AllowAnonymous().Produces<Done>().WithName("AcceptInvitation")
            .WithSummary("Becomes a member by an invitation's token: a new account with this name and password, or the account that the e-mail has.");
    }
}
