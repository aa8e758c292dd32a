namespace MlOpsPortal.Architecture.Code;

/// <summary>Who may use whom, without the common prefix. Whatever is not here is forbidden.</summary>
internal static class ModuleGraph
{
    private const string Prefix = "MlOpsPortal.";
    private static readonly string[] Common = ["Platform", "Silo"];
    private static readonly string[] Calculating = [.. Common, "Engines", "Statistics"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Silo"] = [],
        ["Engines"] = [],
        ["Statistics"] = [],
        ["Platform"] = ["Silo"],
        ["Access"] = Common,
        ["Audit"] = Common,
        ["Projects"] = Common,
        ["Datasets"] = [.. Calculating, "Projects"],
        ["Models"] = [.. Calculating, "Datasets", "Projects"],
        ["Deployments"] = [.. Calculating, "Models", "Projects"],
        ["Monitoring"] = [.. Calculating, "Deployments", "Models", "Datasets", "Projects"],
        ["Tracking"] = [.. Common, "Projects"],
        ["Registry"] = [.. Common, "Tracking", "Models", "Datasets", "Projects"],
        ["MlflowApi"] = [.. Common, "Tracking", "Registry", "Projects"],
        ["Web"] = [.. Calculating, "Access", "Audit", "Projects", "Datasets", "Models", "Deployments", "Monitoring", "Tracking", "Registry", "MlflowApi"],
        ["LocalServices"] = [],
        ["AppHost"] = ["LocalServices"],
        ["Cli"] = [],
    };

    /// <returns>A sentence per reference that points the wrong way, and per project that the graph does not know.</returns>
    public static IReadOnlyList<string> Violations(IEnumerable<(string From, string To)> references) =>
    [
        .. references.Distinct().Select(reference => (From: Short(reference.From), To: Short(reference.To))).Select(reference =>
            !Allowed.TryGetValue(reference.From, out var allowed) ? $"{reference.From} is not in the module graph."
            : !allowed.Contains(reference.To) ? $"{reference.From} uses {reference.To}; it may use {(allowed.Length == 0 ? "no other project" : string.Join(", ", allowed))}."
            : null).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    private static string Short(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}
