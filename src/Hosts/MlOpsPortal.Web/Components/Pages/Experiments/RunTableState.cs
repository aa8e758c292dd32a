using System.Collections.Immutable;
using System.Globalization;
using System.Web;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>Which runs the charts draw.</summary>
public enum Eye
{
    First10,
    First20,
    All,
    None,

    /// <summary>Those that are not over.</summary>
    Unfinished,
}

/// <summary>How metrics of a group become one number.</summary>
public enum Aggregate
{
    Average,
    Min,
    Max,
}

/// <summary>All that a link to the runs of an experiment restores: it is the query of the page's address. What is as usual is not written.</summary>
public sealed record RunTableState
{
    public const int PageSize = 100;
    private const string UsualColumns = "usual"; // no column's key
    private static readonly ImmutableArray<string> NoIds = [];

    public string Filter { get; init; } = "";

    /// <summary>"table" or "charts".</summary>
    public string View { get; init; } = "table";

    public bool Deleted { get; init; }

    /// <summary>Only runs begun within this: "1h", "24h", "7d", "30d"; null for any time.</summary>
    public string? Since { get; init; }

    /// <summary>A column's key; "-" in front for descending. Null is newest first.</summary>
    public string? Sort { get; init; }

    /// <summary>Null until somebody chooses: then whoever looks sees those that she has kept, or else the usual.</summary>
    public ImmutableArray<string>? Columns { get; init; }

    /// <summary>The usual columns, whatever somebody has kept: what a copied link says of a table that nobody has changed.</summary>
    public bool Usual { get; init; }

    /// <summary>A parameter's, tag's or the data sets' column key.</summary>
    public string? Group { get; init; }

    public Aggregate By { get; init; }

    public Eye Eye { get; init; }

    /// <summary>Runs whose eye is the other way than <see cref="Eye"/> says.</summary>
    public ImmutableArray<string> Turned { get; init; } = NoIds;

    public ImmutableArray<string> Pinned { get; init; } = NoIds;

    /// <summary>Parents and groups that are unfolded.</summary>
    public ImmutableArray<string> Open { get; init; } = NoIds;

    /// <summary>Runs asked for: a multiple of <see cref="PageSize"/>.</summary>
    public int Rows { get; init; } = PageSize;

    public bool Live { get; init; } = true;

    public ChartState Charts { get; init; } = new();

    public static RunTableState Read(string uri)
    {
        var query = HttpUtility.ParseQueryString(new Uri(uri).Query);
        return new RunTableState
        {
            Filter = query["q"] ?? "",
            View = query["view"] == "charts" ? "charts" : "table",
            Deleted = query["state"] == "deleted",
            Since = Window(query["since"]) is null ? null : query["since"],
            Sort = query["sort"],
            Columns = query["cols"] is { } columns && columns != UsualColumns ? ColumnsOf(columns) : null,
            Usual = query["cols"] == UsualColumns,
            Group = query["group"],
            By = Enum.TryParse<Aggregate>(query["by"], ignoreCase: true, out var by) && Enum.IsDefined(by) ? by : Aggregate.Average,
            Eye = query["eye"] switch { "20" => Eye.First20, "all" => Eye.All, "none" => Eye.None, "unfinished" => Eye.Unfinished, _ => Eye.First10 },
            Turned = Ids(query["turned"]),
            Pinned = Ids(query["pin"]),
            Open = [.. (query["open"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
            Rows = int.TryParse(query["rows"], CultureInfo.InvariantCulture, out var rows) ? Math.Clamp(rows / PageSize, 1, 50) * PageSize : PageSize,
            Live = query["live"] != "off",
            Charts = ChartState.Read(query),
        };
    }

    /// <summary>The query, with "?" unless it is empty.</summary>
    public string ToQuery()
    {
        var parts = new List<string>();
        Add("q", Filter);
        Add("view", View == "charts" ? "charts" : null);
        Add("state", Deleted ? "deleted" : null);
        Add("since", Since);
        Add("sort", Sort);
        if (Columns is { } columns)
            parts.Add("cols=" + Uri.EscapeDataString(TextOf(columns)));
        else if (Usual)
            parts.Add("cols=" + UsualColumns);
        Add("group", Group);
        Add("by", By == Aggregate.Average ? null : By.ToString().ToLowerInvariant());
        Add("eye", Eye switch { Eye.First20 => "20", Eye.All => "all", Eye.None => "none", Eye.Unfinished => "unfinished", _ => null });
        Add("turned", string.Join('.', Turned));
        Add("pin", string.Join('.', Pinned));
        Add("open", string.Join(',', Open.Select(Uri.EscapeDataString)));
        Add("rows", Rows == PageSize ? null : Rows.ToString(CultureInfo.InvariantCulture));
        Add("live", Live ? null : "off");
        Charts.Write(Add);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    /// <summary>Columns as an address and what is kept for a person write them.</summary>
    public static string TextOf(IEnumerable<string> columns) => string.Join(',', columns.Select(Uri.EscapeDataString));

    public static ImmutableArray<string> ColumnsOf(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    /// <summary>How far back "since" reaches.</summary>
    public static TimeSpan? Window(string? since) => since switch
    {
        "1h" => TimeSpan.FromHours(1),
        "24h" => TimeSpan.FromDays(1),
        "7d" => TimeSpan.FromDays(7),
        "30d" => TimeSpan.FromDays(30),
        _ => null,
    };

    /// <summary>The same with an id in the list or, where it was, without.</summary>
    public static ImmutableArray<string> Turn(ImmutableArray<string> ids, string id) => ids.Contains(id, StringComparer.Ordinal) ? ids.Remove(id, StringComparer.Ordinal) : ids.Add(id);

    private static ImmutableArray<string> Ids(string? text) =>
        string.IsNullOrEmpty(text) ? NoIds : [.. text.Split('.', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
