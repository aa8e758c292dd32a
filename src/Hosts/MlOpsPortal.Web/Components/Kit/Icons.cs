namespace MlOpsPortal.Web.Components.Kit;

/// <summary>The portal's own line drawings, 24 x 24, by name. A state is never an icon alone: a word stands beside it.</summary>
public static class Icons
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["home"] = "M3 11l9-8 9 8v9a1 1 0 0 1-1 1h-5v-7h-6v7H4a1 1 0 0 1-1-1z",
        ["portfolio"] = "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
        ["target"] = "M12 3a9 9 0 1 0 9 9M12 8a4 4 0 1 0 4 4M12 12l8-8M16 4h4v4",
        ["data"] = "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v6c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12v6c0 1.7 3.6 3 8 3s8-1.3 8-3v-6",
        ["flask"] = "M9 3h6M10 3v6l-6 10a1.5 1.5 0 0 0 1.3 2h13.4A1.5 1.5 0 0 0 20 19L14 9V3",
        ["model"] = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
        ["rocket"] = "M5 15c-1 1-2 5-2 5s4-1 5-2M9 15l-3-3c1-5 5-9 13-9 0 8-4 12-9 13z",
        ["pulse"] = "M3 12h4l3 8 4-16 3 8h4",
        ["members"] = "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M17 11a3 3 0 1 0 0-6M22 20c0-3-2-5-5-5",
        ["shield"] = "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z",
        ["settings"] = "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
        ["check"] = "M5 12.5l4.5 4.5L19 7.5",
        ["warn"] = "M12 4l9 16H3zM12 10v4M12 17v.5",
        ["cross"] = "M6 6l12 12M18 6L6 18",
        ["clock"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 3",
        ["info"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7v.5",
        ["back"] = "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
        ["bell"] = "M6 16V11a6 6 0 1 1 12 0v5l2 2H4zM10 21h4",
        ["sun"] = "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
        ["search"] = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
        ["menu"] = "M4 6h16M4 12h16M4 18h16",
        ["down"] = "M6 9l6 6 6-6",
        ["up"] = "M6 15l6-6 6 6",
        ["right"] = "M9 6l6 6-6 6",
        ["copy"] = "M9 9h11v11H9zM5 15H4V4h11v1",
        ["plus"] = "M12 5v14M5 12h14",
        ["minus"] = "M5 12h14",
        ["lock"] = "M6 11h12v10H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        ["file"] = "M6 3h8l5 5v13H6zM14 3v5h5",
        ["folder"] = "M3 6h6l2 2h10v11H3z",
        ["upload"] = "M12 16V4M7 9l5-5 5 5M4 20h16",
        ["download"] = "M12 4v12M7 11l5 5 5-5M4 20h16",
        ["person"] = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6 8-6s8 2 8 6",
        ["eye"] = "M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
        ["eye-off"] = "M4 4l16 16M9.9 5.3A9.6 9.6 0 0 1 12 5c6.4 0 10 7 10 7a17 17 0 0 1-3.2 4M6.3 6.9A16.600 16.600 0 0 0 2 12s3.600 7 10 7a9.800 9.800 0 0 0 4.800-1.300",
        ["pin"] = "M9 3h6l-1 6 4 4v2H6v-2l4-4zM12 15v6",
        ["columns"] = "M4 5h16v14H4zM9.500 5v14M15 5v14",
        ["link"] = "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700L12 17",
        ["expand"] = "M4 10V4h6M20 14v6h-6M4 4l6.500 6.500M20 20l-6.500-6.500",
        ["tag"] = "M3 12V4h8l10 10-8 8zM7.500 8.500v.01",
        ["key"] = "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9v3M17 12v3",
    };

    public static IReadOnlyCollection<string> Names => Paths.Keys;

    /// <exception cref="KeyNotFoundException">No drawing has this name.</exception>
    internal static string Path(string name) =>
        Paths.TryGetValue(name, out var path) ? path : throw new KeyNotFoundException($"There is no icon '{name}'; see Icons.cs.");
}
