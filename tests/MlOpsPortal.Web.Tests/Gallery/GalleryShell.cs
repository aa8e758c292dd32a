using System.Security.Claims;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Gallery;

/// <summary>A full frame around the gallery: two tenants, a project, every section.</summary>
internal sealed class GalleryShell : IShellSource
{
    public static readonly ShellModel Model = new()
    {
        Person = new ShellPerson("Ana Reyes", "ana@alder.example"),
        Tenant = new ShellPlace("Alder Stores", "/gallery"),
        Tenants = [new ShellPlace("Alder Stores", "/gallery"), new ShellPlace("Birch Bank", "/gallery?tenant=birch")],
        Project = new ShellPlace("Offers near you", "/gallery"),
        Projects = [new ShellPlace("Offers near you", "/gallery"), new ShellPlace("Returns by size", "/gallery?project=returns")],
        Sections =
        [
            new ShellSection(null, [new ShellLink("home", "My work", "/mine", 4), new ShellLink("portfolio", "Portfolio", "/portfolio")]),
            new ShellSection("Project",
            [
                new ShellLink("target", "Business", "/gallery"), new ShellLink("data", "Data", "/data", 6), new ShellLink("flask", "Experiments", "/experiments", 212),
                new ShellLink("model", "Models", "/models", 9), new ShellLink("rocket", "Endpoints", "/endpoints", 3), new ShellLink("pulse", "Monitoring", "/monitoring", 2),
            ]),
            new ShellSection("Tenant", [new ShellLink("members", "Members", "/members"), new ShellLink("shield", "Audit", "/audit"), new ShellLink("settings", "Settings", "/settings")]),
        ],
    };

    public Task<ShellModel> LoadAsync(ClaimsPrincipal user, string path, CancellationToken cancellation) => Task.FromResult(Model);
}
