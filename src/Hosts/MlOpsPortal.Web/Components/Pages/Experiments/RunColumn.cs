using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

public enum ColumnKind
{
    /// <summary>Of the run itself: start_time, duration, user_id, source, …</summary>
    Attribute,
    Metric,
    Param,
    Tag,
}

/// <summary>A column of the runs table: "metrics.auc", "params.max_depth", "tags.team", "start_time". The key is what a search would write, too.</summary>
public sealed record RunColumn(ColumnKind Kind, string Name)
{
    public const string Datasets = "datasets";
    public const string Duration = "duration";
    public const string Source = "source";
    public const string Models = "models";
    private const int DefaultMetrics = 6;
    private const int DefaultParams = 4;

    /// <summary>Columns that every run has, with their words.</summary>
    public static readonly IReadOnlyList<(string Name, string Words)> Attributes =
        [("start_time", "Started"), (Duration, "Duration"), ("user_id", "User"), (Datasets, "Datasets"), (Source, "Source"), (Models, "Models"), ("status", "Status"), ("run_id", "Run id")];

    public string Key => Kind switch
    {
        ColumnKind.Attribute => Name,
        ColumnKind.Metric => "metrics." + Name,
        ColumnKind.Param => "params." + Name,
        ColumnKind.Tag => "tags." + Name,
        _ => throw new InvalidOperationException($"There is no kind of column {Kind}."),
    };

    public string Title => Kind == ColumnKind.Attribute ? Attributes.FirstOrDefault(known => known.Name == Name).Words ?? Name : Name;

    public bool IsNumeric => Kind == ColumnKind.Metric || (Kind == ColumnKind.Attribute && Name == Duration);

    /// <summary>What the search sorts by; null where it cannot.</summary>
    public string? Sort => Kind switch
    {
        ColumnKind.Attribute => Name is "start_time" or "user_id" or "status" or "run_id" ? "attributes." + Name : null,
        ColumnKind.Metric => $"metrics.{Quoted(Name)}",
        ColumnKind.Param => $"params.{Quoted(Name)}",
        _ => $"tags.{Quoted(Name)}",
    };

    public static RunColumn? Parse(string key)
    {
        foreach (var (prefix, kind) in new[] { ("metrics.", ColumnKind.Metric), ("params.", ColumnKind.Param), ("tags.", ColumnKind.Tag) })
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal) && key.Length > prefix.Length)
                return new RunColumn(kind, key[prefix.Length..]);
        }

        return Attributes.Any(known => known.Name == key) ? new RunColumn(ColumnKind.Attribute, key) : null;
    }

    /// <summary>What is shown until somebody chooses: when, how long, and the first metrics and parameters by name, where runs differ in parameters those that differ.</summary>
    public static IReadOnlyList<RunColumn> Default(IReadOnlyList<RunRow> runs)
    {
        var differing = runs.SelectMany(run => run.Params.Keys).Distinct(StringComparer.Ordinal)
            .OrderByDescending(name => runs.Select(run => run.Params.GetValueOrDefault(name)).Distinct(StringComparer.Ordinal).Count() > 1).ThenBy(name => name, StringComparer.Ordinal).Take(DefaultParams);
        return
        [
            new(ColumnKind.Attribute, "start_time"), new(ColumnKind.Attribute, Duration),
            .. Names(runs, run => run.Metrics.Keys).Take(DefaultMetrics).Select(name => new RunColumn(ColumnKind.Metric, name)),
            .. differing.Select(name => new RunColumn(ColumnKind.Param, name)),
        ];
    }

    /// <summary>Every column the runs could fill.</summary>
    public static IReadOnlyList<RunColumn> All(IReadOnlyList<RunRow> runs) =>
    [
        .. Attributes.Select(known => new RunColumn(ColumnKind.Attribute, known.Name)),
        .. Names(runs, run => run.Metrics.Keys).Select(name => new RunColumn(ColumnKind.Metric, name)),
        .. Names(runs, run => run.Params.Keys).Select(name => new RunColumn(ColumnKind.Param, name)),
        .. Names(runs, run => run.Tags.Keys).Where(name => !name.StartsWith("mlflow.", StringComparison.Ordinal)).Select(name => new RunColumn(ColumnKind.Tag, name)),
    ];

    /// <summary>The cell for a program: invariant, with all digits; null for none.</summary>
    public string? Raw(RunRow run) => Kind switch
    {
        ColumnKind.Metric => run.Metrics.TryGetValue(Name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : null,
        ColumnKind.Param => run.Params.GetValueOrDefault(Name),
        ColumnKind.Tag => run.Tags.GetValueOrDefault(Name),
        _ => Name switch
        {
            "start_time" => run.Start?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            Duration => run.Duration?.TotalSeconds.ToString("R", CultureInfo.InvariantCulture),
            "user_id" => run.User,
            "status" => run.Status,
            "run_id" => run.Id,
            Datasets => run.Datasets.Count == 0 ? null : string.Join(", ", run.Datasets.Select(input => $"{input.Dataset.Name} ({input.Dataset.Digest})").Distinct(StringComparer.Ordinal)),
            Source => run.Tags.GetValueOrDefault("mlflow.source.name"),
            Models => run.Models.Count == 0 ? null : string.Join(", ", run.Models),
            _ => null,
        },
    };

    /// <summary>The cell for a person.</summary>
    public string? Text(RunRow run) => Kind switch
    {
        ColumnKind.Metric => run.Metrics.TryGetValue(Name, out var value) ? ExperimentWords.Metric(value) : null,
        ColumnKind.Attribute when Name == Duration => run.Duration is { } time ? Numbers.Duration(time) : null,
        ColumnKind.Attribute when Name == Source => run.Tags.GetValueOrDefault("mlflow.source.name")?.Split('/', '\\')[^1],
        _ => Raw(run),
    };

    private static IEnumerable<string> Names(IReadOnlyList<RunRow> runs, Func<RunRow, IEnumerable<string>> of) =>
        runs.SelectMany(of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Quoted(string name) => name.Contains('`', StringComparison.Ordinal) ? $"\"{name}\"" : $"`{name}`";
}
