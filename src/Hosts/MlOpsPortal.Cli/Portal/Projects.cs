using System.Text.Json;
using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Portal;

/// <summary>A project of the portal.</summary>
internal sealed record Project(string Id, string Name);

/// <summary>Finds a project by what a person calls it.</summary>
internal static class Projects
{
    private const int Shown = 10;

    private sealed record Page(JsonElement[] Items)
    {
        [System.Text.Json.Serialization.JsonPropertyName("nextCursor")]
        public string? NextCursor { get; init; }
    }

    public static async Task<Project> FindAsync(MlflowConnection portal, string wanted, CancellationToken stop)
    {
        var all = await AllAsync(portal, stop);
        var found = all.Where(project => project.Id == wanted).ToList();
        if (found.Count == 0) found = [.. all.Where(project => project.Name == wanted)];
        if (found.Count == 0) found = [.. all.Where(project => string.Equals(project.Name, wanted, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var project] => project,
            [] when all.Count == 0 => throw new CliFailure($"You are a member of no project of {portal.Address}; ask to be made a member of '{wanted}'."),
            [] => throw new CliFailure($"You are a member of no project '{wanted}'; yours are {string.Join(", ", all.Take(Shown).Select(project => $"'{project.Name}'"))}{(all.Count > Shown ? " and others" : "")}."),
            _ => throw new CliFailure($"{found.Count} projects are called '{wanted}': give the id of one, {string.Join(" or ", found.Select(project => project.Id))}."),
        };
    }

    private static async Task<List<Project>> AllAsync(MlflowConnection portal, CancellationToken stop)
    {
        var all = new List<Project>();
        string? cursor = null;
        try
        {
            do
            {
                var page = await portal.FirstAsync<Page>("api/v1/projects", stop, ("cursor", cursor));
                all.AddRange((page.Items ?? []).Select(item => new Project(item.GetProperty("id").GetString() ?? "", item.GetProperty("name").GetString() ?? "")));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
        }
        catch (Exception failure) when (failure is MlflowRefusal { IsMissing: true } or KeyNotFoundException or InvalidOperationException)
        {
            throw new CliFailure($"{portal.Name} does not list projects as a portal does; is MLOPS_URL right?", failure);
        }

        return all;
    }
}
