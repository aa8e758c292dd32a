using System.Text.Json;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Web.Demo;

/// <summary>What somebody needs to try the demo tenant, readable by its owner only (mode 0600).</summary>
internal sealed record DemoFile(string Url, string Tenant, IReadOnlyList<DemoAccount> Accounts, IReadOnlyList<DemoDeployment> Deployments)
{
    private static readonly JsonSerializerOptions Indented = new(PortalJson.Options) { WriteIndented = true };

    public static DemoFile? Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(path), Indented) : null;

    /// <summary>Writes the whole file beside and moves it into place: a reader sees the old or the new one.</summary>
    public void Write(string path)
    {
        var part = path + ".part";
        File.Delete(part);
        using (var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            JsonSerializer.Serialize(file, this, Indented);
        File.Move(part, path, overwrite: true);
    }
}

/// <param name="Token">An API token of this person.</param>
internal sealed record DemoAccount(string Role, string Name, string Email, string Password, string Token);

/// <param name="SampleRequest">A body for <c>POST /api/v1/endpoints/{name}/score</c>.</param>
internal sealed record DemoDeployment(string Name, string Environment, JsonElement SampleRequest);
