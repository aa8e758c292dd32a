using System.Collections.Specialized;
using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>How charts of metrics are drawn, as the address says it.</summary>
public sealed record ChartState
{
    public const int AtFirst = 12;
    private const int MostCards = 1200;

    public CurveX X { get; init; } = CurveX.Step;

    /// <summary>Weight of the past in percent, 0 to 99.</summary>
    public int Smoothing { get; init; }

    public bool Log { get; init; }

    /// <summary>Only metrics whose name has this.</summary>
    public string Find { get; init; } = "";

    /// <summary>The chart that has the whole width; null for none.</summary>
    public string? Wide { get; init; }

    /// <summary>Charts of each section: what is not looked at is neither read nor drawn. A multiple of <see cref="AtFirst"/>.</summary>
    public int Cards { get; init; } = AtFirst;

    /// <summary>The step whose images are shown; null for the last.</summary>
    public long? ImageStep { get; init; }

    public static ChartState Read(NameValueCollection query) => new()
    {
        X = Enum.TryParse<CurveX>(query["x"], ignoreCase: true, out var x) && Enum.IsDefined(x) ? x : CurveX.Step,
        Smoothing = int.TryParse(query["smooth"], CultureInfo.InvariantCulture, out var weight) ? Math.Clamp(weight, 0, 99) : 0,
        Log = query["log"] == "1",
        Find = query["chart"] ?? "",
        Wide = query["wide"],
        ImageStep = long.TryParse(query["image"], CultureInfo.InvariantCulture, out var step) ? step : null,
        Cards = int.TryParse(query["cards"], CultureInfo.InvariantCulture, out var cards) ? Math.Clamp(cards / AtFirst, 1, MostCards / AtFirst) * AtFirst : AtFirst,
    };

    public void Write(Action<string, string?> add)
    {
        add("x", X == CurveX.Step ? null : X.ToString().ToLowerInvariant());
        add("smooth", Smoothing == 0 ? null : Smoothing.ToString(CultureInfo.InvariantCulture));
        add("log", Log ? "1" : null);
        add("chart", Find);
        add("wide", Wide);
        add("image", ImageStep?.ToString(CultureInfo.InvariantCulture));
        add("cards", Cards == AtFirst ? null : Cards.ToString(CultureInfo.InvariantCulture));
    }
}
