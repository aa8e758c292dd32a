using System.Web;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>How a table is ordered, as its address says it: "name" ascending, "-name" descending.</summary>
public sealed record SortOrder(string Key, bool Descending)
{
    public static SortOrder? Parse(string? text) => text switch
    {
        null or "" or "-" => null,
        ['-', .. var key] => new SortOrder(key, true),
        _ => new SortOrder(text, false),
    };

    /// <summary>Reads it from an address.</summary>
    public static SortOrder? From(string uri, string parameter = "sort") =>
        Parse(HttpUtility.ParseQueryString(new Uri(uri).Query)[parameter]);

    public override string ToString() => Descending ? "-" + Key : Key;
}
