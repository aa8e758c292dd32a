using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Testing;

/// <summary>A person in a tenant, ready to sign in and to call the API.</summary>
/// <param name="Client">Calls the API with <paramref name="Token"/>.</param>
public sealed record TestMember(UserId Id, string Name, string Email, string Password, string Token, HttpClient Client);

/// <summary>A project that has been created over the API.</summary>
public sealed record TestProject(string Id, string Name);

/// <summary>A tenant with one member per role.</summary>
public sealed class TestTenant
{
    private readonly IReadOnlyDictionary<Role, TestMember> members;

    internal TestTenant(TenantSummary tenant, IReadOnlyDictionary<Role, TestMember> members, TestMember outsider)
    {
        (Id, Slug, Name) = (tenant.Id, tenant.Slug, tenant.Name);
        this.members = members;
        Outsider = outsider;
    }

    public TenantId Id { get; }

    public string Slug { get; }

    public string Name { get; }

    /// <summary>Has every role but administrator, and is a member of no project unless a test makes her one.</summary>
    public TestMember Outsider { get; }

    public TestMember this[Role role] => members[role];

    public TestMember Administrator => members[Role.TenantAdministrator];

    public IEnumerable<TestMember> Members => members.Values;

    /// <summary>A project by the business owner, with everyone but the outsider as a member.</summary>
    public async Task<TestProject> ProjectAsync(string name)
    {
        var project = await ProjectOfAsync(members[Role.BusinessOwner], name);
        foreach (var member in members.Values.Where(member => member != members[Role.BusinessOwner]))
        {
            using var joined = await Administrator.Client.PutAsJsonAsync($"/api/v1/projects/{project.Id}/members/{member.Id}", new { roles = Array.Empty<string>() });
            await joined.RequiredAsync();
        }

        return project;
    }

    /// <summary>A project with its creator as the only member.</summary>
    public static async Task<TestProject> ProjectOfAsync(TestMember creator, string name)
    {
        using var created = await creator.Client.PostAsJsonAsync("/api/v1/projects", new { name, summary = $"{name}, for a test" });
        var view = await created.RequiredAsync();
        return new TestProject(view.GetProperty("project").GetProperty("id").GetString() ?? throw new JsonException("A project without an id."), name);
    }
}
