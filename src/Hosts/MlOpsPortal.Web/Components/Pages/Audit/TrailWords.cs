using System.Globalization;
using System.Text.RegularExpressions;
using MlOpsPortal.Audit.Trail;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Audit;

/// <summary>An entry of the trail as a person reads it.</summary>
internal static partial class TrailWords
{
    /// <summary>What entries are about, for the filter.</summary>
    public static readonly IReadOnlyList<Choice<string>> Kinds =
    [
        new("member", "member"), new("invitation", "invitation"), new("token", "token"), new("permission", "refused attempt"), new("tenant", "tenant"), new("project", "project"),
        new("dataset", "dataset"), new("experiment", "experiment"), new("run", "run"), new("model", "model"), new("release", "release request"), new("deployment", "endpoint"), new("job", "job"), new("settings", "settings"), new("audit", "audit trail"),
    ];

    public static string Kind(string kind) => Kinds.FirstOrDefault(choice => choice.Value == kind)?.Text ?? kind.Replace('_', ' ');

    /// <summary><c>member.roles_changed</c> reads "roles changed".</summary>
    public static string Action(string action) => action == "access.attempt_refused" ? "was refused" : action[(action.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ');

    /// <summary><c>owner.displayName</c> reads "owner, display name"; the value of the whole event has no name.</summary>
    public static string Property(string path) =>
        path.Length == 0 ? "value" : Hump().Replace(path, match => " " + match.Value.ToLowerInvariant()).Replace(".", ", ", StringComparison.Ordinal);

    /// <summary>The most telling of an entry in a few words; null when its detail says nothing.</summary>
    public static string? Brief(TrailEntry entry)
    {
        var changes = TrailChange.Of(entry.Detail);
        return changes switch
        {
            [] => null,
            [var one] => Side(one),
            [var first, ..] => $"{Side(first)} and {changes.Length - 1} more",
        };
    }

    /// <summary>Times as the other pages show them, everything else as it is, cut to a readable length.</summary>
    public static string Value(string? text, TimeZoneInfo? zone, int length = 400) => text switch
    {
        null => Numbers.None,
        "" => "none",
        _ when text.EndsWith('Z') && DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => Times.Exact(at, zone),
        _ when text.Length > length => text[..length] + "…",
        _ => text,
    };

    /// <summary>Address of the thing's own page, where it has one.</summary>
    public static string? Href(TrailEntry entry, string root) => (entry.Kind, entry.Project) switch
    {
        ("project", _) => $"{root}/projects/{entry.Object}",
        ("member", { } project) => $"{root}/projects/{project}/members",
        ("member", null) => $"{root}/members/{entry.Object}",
        ("invitation", _) => $"{root}/members",
        ("dataset", { } project) => $"{root}/projects/{project}/datasets/{entry.Object}",
        ("model", { } project) => $"{root}/projects/{project}/models/{entry.Object}",
        ("experiment", _) => $"{root}/experiments/{entry.Object}",
        ("run", _) => $"{root}/runs/{entry.Object}",
        ("release", { } project) => $"{root}/projects/{project}/releases/{entry.Object}",
        ("deployment", { } project) => $"{root}/projects/{project}/endpoints/{Uri.EscapeDataString(entry.Name)}",
        _ => null,
    };

    private static string Side(TrailChange change) => change.Changed
        ? $"{Value(change.Before, null, 40)} → {Value(change.After, null, 40)}"
        : $"{Property(change.Name)} {Value(change.After, null, 60)}";

    [GeneratedRegex("[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex Hump();
}
