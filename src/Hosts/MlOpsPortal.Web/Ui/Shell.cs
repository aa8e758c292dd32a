using System.Security.Claims;

namespace MlOpsPortal.Web.Ui;

/// <summary>What stands around every page: who is here, where, and where one can go. Empty parts are left out of the frame.</summary>
public sealed record ShellModel
{
    public static readonly ShellModel Empty = new();

    public ShellPerson? Person { get; init; }

    /// <summary>The address of the tenant, for search and inbox; null where there is none to ask.</summary>
    public string? Root { get; init; }

    /// <summary>The tenant of this page, and those one may switch to.</summary>
    public ShellPlace? Tenant { get; init; }

    public IReadOnlyList<ShellPlace> Tenants { get; init; } = [];

    /// <summary>The project of this page, and those one may switch to.</summary>
    public ShellPlace? Project { get; init; }

    public IReadOnlyList<ShellPlace> Projects { get; init; } = [];

    public IReadOnlyList<ShellSection> Sections { get; init; } = [];
}

/// <summary>A person as the top bar shows them.</summary>
/// <param name="IsOperator">Keeps the tenants.</param>
public sealed record ShellPerson(string Name, string Email, bool IsOperator = false)
{
    /// <summary>At most two letters: first of the first and of the last word.</summary>
    public string Initials
    {
        get
        {
            var words = Name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return words switch
            {
                [] => "?",
                [var one] => one[..1].ToUpperInvariant(),
                [var first, .., var last] => (first[..1] + last[..1]).ToUpperInvariant(),
            };
        }
    }
}

/// <summary>A tenant or project in a switcher.</summary>
/// <param name="Slug">Of a tenant: going there takes a new session, so it is a form and no link.</param>
public sealed record ShellPlace(string Name, string Href, string? Slug = null);

/// <summary>A group of the rail; the first has no title.</summary>
public sealed record ShellSection(string? Title, IReadOnlyList<ShellLink> Links);

/// <summary>A line of the rail. Exact: current only on this very path, not below it.</summary>
public sealed record ShellLink(string Icon, string Text, string Href, int? Count = null, bool Exact = false);

/// <summary>Tells the frame what to show; read again after every navigation that changes the first path segments.</summary>
public interface IShellSource
{
    /// <param name="user">The person of the circuit or request.</param>
    /// <param name="path">Path of the page, from "/", without query.</param>
    /// <param name="cancellation">Ends with the page.</param>
    Task<ShellModel> LoadAsync(ClaimsPrincipal user, string path, CancellationToken cancellation);
}

/// <summary>Shows the signed-in person and nothing else: the frame of a portal without modules.</summary>
internal sealed class ClaimsShell : IShellSource
{
    public Task<ShellModel> LoadAsync(ClaimsPrincipal user, string path, CancellationToken cancellation) =>
        Task.FromResult(user.Identity is { IsAuthenticated: true, Name: { } name }
            ? new ShellModel { Person = new ShellPerson(name, user.FindFirstValue(ClaimTypes.Email) ?? "") }
            : ShellModel.Empty);
}
