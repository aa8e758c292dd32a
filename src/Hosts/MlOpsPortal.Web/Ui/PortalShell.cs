using System.Security.Claims;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Audit;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;

namespace MlOpsPortal.Web.Ui;

/// <summary>The frame of a signed-in person: her tenant, its projects, and the rail of the project she is in.</summary>
internal sealed class PortalShell(ProjectPortfolio portfolio, TenantDesk tenants, OwnRoles roles) : IShellSource
{
    private const int ProjectsInSwitcher = 50;

    public async Task<ShellModel> LoadAsync(ClaimsPrincipal user, string path, CancellationToken cancellation)
    {
        if (Caller.From(user) is not { } caller || user.FindFirstValue(AccessClaims.Slug) is not { } slug)
            return user.Identity is { IsAuthenticated: true, Name: { } name } ? new ShellModel { Person = new ShellPerson(name, user.FindFirstValue(ClaimTypes.Email) ?? "", user.HasClaim(AccessClaims.Operator, "true")) } : ShellModel.Empty;
        var root = $"/t/{slug}";
        var tenant = new ShellPlace(user.FindFirstValue(AccessClaims.TenantName) ?? slug, root, slug);
        var others = (await tenants.OfAsync(caller.User, cancellation)).Where(other => other.Id != caller.Tenant).Select(other => new ShellPlace(other.Name, $"/t/{other.Slug}", other.Slug));
        var projects = (await portfolio.ListAsync(caller, PageRequest.Of(ProjectsInSwitcher, null), archived: false, cancellation)).Items;
        var current = path.Split('/') is [_, "t", _, "projects", var id, ..] ? projects.FirstOrDefault(project => project.Id.ToString() == id) : null;
        return new ShellModel
        {
            Person = new ShellPerson(caller.Name, user.FindFirstValue(ClaimTypes.Email) ?? "", user.HasClaim(AccessClaims.Operator, "true")),
            Root = root,
            Tenant = tenant,
            Tenants = [tenant, .. others],
            Project = current is null ? null : new ShellPlace(current.Name, $"{root}/projects/{current.Id}"),
            Projects = [.. projects.Select(project => new ShellPlace(project.Name, $"{root}/projects/{project.Id}"))],
            Sections = Sections(root, current?.Id, await roles.MayAsync(caller, AuditPermissions.ReadTrail, cancellation)),
        };
    }

    private static List<ShellSection> Sections(string root, ProjectId? project, bool readsTrail)
    {
        var sections = new List<ShellSection> { new(null, [new("home", "My work", root, Exact: true), new("portfolio", "Portfolio", $"{root}/projects", Exact: true), new("flask", "Experiments", $"{root}/experiments"), new("model", "Registry", $"{root}/registry"), new("clock", "Jobs", $"{root}/jobs")]) };
        if (project is { } id)
            sections.Add(new("Project",
            [
                new("home", "Overview", $"{root}/projects/{id}", Exact: true),
                new("target", "Business", $"{root}/projects/{id}/business"),
                new("check", "Objectives", $"{root}/projects/{id}/objectives"),
                new("data", "Data", $"{root}/projects/{id}/datasets"),
                new("flask", "Experiments", $"{root}/projects/{id}/experiments"),
                new("model", "Models", $"{root}/projects/{id}/models"),
                new("rocket", "Endpoints", $"{root}/projects/{id}/endpoints"),
                new("pulse", "Monitoring", $"{root}/projects/{id}/monitoring"),
                new("bell", "Incidents", $"{root}/projects/{id}/incidents"),
                new("person", "Team", $"{root}/projects/{id}/members"),
            ]));
        var tenant = new List<ShellLink> { new("members", "Members", $"{root}/members") };
        if (readsTrail)
            tenant.Add(new("shield", "Audit", $"{root}/audit"));
        tenant.Add(new("file", "Archive", $"{root}/archive"));
        sections.Add(new("Tenant", tenant));
        return sections;
    }
}
