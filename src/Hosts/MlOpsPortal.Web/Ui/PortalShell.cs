using System.Security.Claims;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;

namespace MlOpsPortal.Web.Ui;

/// <summary>The frame of a signed-in person: her tenant, its projects, and the rail of the project she is in.</summary>
internal sealed class PortalShell(ProjectPortfolio portfolio) : IShellSource
{
    private const int ProjectsInSwitcher = 50;

    public async Task<ShellModel> LoadAsync(ClaimsPrincipal user, string path, CancellationToken cancellation)
    {
        if (Caller.From(user) is not { } caller || user.FindFirstValue(AccessClaims.Slug) is not { } slug)
            return user.Identity is { IsAuthenticated: true, Name: { } name } ? new ShellModel { Person = new ShellPerson(name, user.FindFirstValue(ClaimTypes.Email) ?? "") } : ShellModel.Empty;
        var root = $"/t/{slug}";
        var tenant = new ShellPlace(user.FindFirstValue(AccessClaims.TenantName) ?? slug, $"{root}/projects");
        var projects = (await portfolio.ListAsync(caller, PageRequest.Of(ProjectsInSwitcher, null), archived: false, cancellation)).Items;
        var current = path.Split('/') is [_, "t", _, "projects", var id, ..] ? projects.FirstOrDefault(project => project.Id.ToString() == id) : null;
        return new ShellModel
        {
            Person = new ShellPerson(caller.Name, user.FindFirstValue(ClaimTypes.Email) ?? ""),
            Tenant = tenant,
            Tenants = [tenant],
            Project = current is null ? null : new ShellPlace(current.Name, $"{root}/projects/{current.Id}"),
            Projects = [.. projects.Select(project => new ShellPlace(project.Name, $"{root}/projects/{project.Id}"))],
            Sections = Sections(root, current?.Id),
        };
    }

    private static List<ShellSection> Sections(string root, ProjectId? project)
    {
        var sections = new List<ShellSection> { new(null, [new("portfolio", "Portfolio", $"{root}/projects", Exact: true)]) };
        if (project is { } id)
            sections.Add(new("Project",
            [
                new("home", "Overview", $"{root}/projects/{id}", Exact: true),
                new("target", "Business", $"{root}/projects/{id}/business"),
                new("data", "Data", $"{root}/projects/{id}/datasets"),
                new("model", "Models", $"{root}/projects/{id}/models"),
                new("rocket", "Endpoints", $"{root}/projects/{id}/endpoints"),
            ]));
        sections.Add(new("Tenant", [new("members", "Members", $"{root}/members")]));
        return sections;
    }
}
