using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Gallery;

/// <summary>Runs to draw, computed from plain formulas: the gallery judges looks, not numbers.</summary>
internal static class RunGalleryData
{
    public sealed record Run(string Name, RunMark Mark, double Rate, int Depth, string Kind, double Auc);

    private static readonly string[] Names = ["bold-fox-112", "calm-owl-3", "dapper-elk-70", "eager-wren-41", "fond-lynx-9", "glad-hare-88", "hasty-crab-5", "ideal-swan-17", "jolly-bee-64", "keen-toad-30", "lucky-ant-2", "merry-cod-951"];

    private static readonly IReadOnlyDictionary<string, RunMark> Marks = RunMark.For(Names);

    public static readonly IReadOnlyList<Run> Runs =
    [
        .. Names.Select((name, index) => new Run(name, Marks[name], 0.02 + (index % 4 * 0.09), 2 + (index % 3 * 2), index % 2 == 0 ? "gbdt" : "dart",
            0.66 + (0.09 * Math.Sin(1 + (index % 4) + (index % 3 * 0.5))) + (0.01 * Math.Cos(index * 2.3)))),
    ];

    public static readonly IReadOnlyList<Curve> Losses =
    [
        .. Runs.Select((run, index) => new Curve(run.Name, run.Mark,
            [.. Enumerable.Range(0, 200).Select(step => new XyPoint(step, 0.1 + (0.02 * index) + ((1 + (0.1 * index)) * Math.Exp(-step * (0.01 + (0.003 * index)))) + (0.03 * Math.Sin(step * (2.1 + index)))))])),
    ];

    public static readonly IReadOnlyList<ParallelAxis> Axes =
    [
        new("param:learning_rate", "learning_rate", [.. Runs.Select(run => run.Rate.ToString(CultureInfo.InvariantCulture))]),
        new("param:max_depth", "max_depth", [.. Runs.Select(run => run.Depth.ToString(CultureInfo.InvariantCulture))]),
        new("param:boosting_type", "boosting_type", [.. Runs.Select(run => run.Kind)]),
        new("metric:auc", "auc", [.. Runs.Select(run => run.Auc.ToString(CultureInfo.InvariantCulture))]),
    ];
}
