using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Deployments;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>How a column is looked at.</summary>
internal enum ColumnKind
{
    Number,
    Category,

    /// <summary>True and false: a category, but a text or a number in it is of the wrong kind.</summary>
    Truth,
}

/// <summary>Which columns of predictions are watched, and as what: the features of the contract; where no version of ours answers, what the reference knows.</summary>
internal sealed class ColumnPlan
{
    /// <summary>More are not watched.</summary>
    public const int Most = 500;
    private readonly Dictionary<string, int> index;

    private ColumnPlan(ImmutableArray<(string Name, ColumnKind Kind)> columns)
    {
        Columns = columns;
        index = columns.Select((column, at) => (column.Name, at)).ToDictionary(column => column.Name, column => column.at, StringComparer.Ordinal);
    }

    public ImmutableArray<(string Name, ColumnKind Kind)> Columns { get; }

    public int Find(string name) => index.TryGetValue(name, out var at) ? at : -1;

    /// <summary>By the contracts of the releases, the latest first.</summary>
    /// <returns>Null when nothing was released.</returns>
    public static ColumnPlan? Of(Deployment deployment)
    {
        var features = deployment.Releases.Reverse().SelectMany(release => release.Version.Contract.Features).DistinctBy(feature => feature.Name, StringComparer.Ordinal).ToList();
        return features.Count == 0 ? null : new([.. features.Take(Most).Select(feature => (feature.Name, Kind(feature.Type)))]);
    }

    /// <summary>By a dataset's columns, without its target.</summary>
    public static ColumnPlan Of(ImmutableArray<ColumnSchema> columns, string? target) =>
        new([.. columns.Where(column => column.Name != target).Take(Most).Select(column => (column.Name, Kind(column.Type)))]);

    /// <summary>By what predictions carry: a column whose first value is a number is one.</summary>
    public static ColumnPlan Of(IEnumerable<(string Name, ColumnKind Kind)> seen) => new([.. seen.DistinctBy(column => column.Name, StringComparer.Ordinal).Take(Most)]);

    private static ColumnKind Kind(FeatureType type) => type switch
    {
        FeatureType.Number or FeatureType.Integer => ColumnKind.Number,
        FeatureType.Text => ColumnKind.Category,
        FeatureType.Boolean => ColumnKind.Truth,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type of feature that is not watched."),
    };

    private static ColumnKind Kind(ColumnType type) => type switch
    {
        ColumnType.Integer or ColumnType.Number => ColumnKind.Number,
        ColumnType.Boolean => ColumnKind.Truth,
        ColumnType.Text or ColumnType.Date or ColumnType.Timestamp => ColumnKind.Category,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type of column that is not watched."),
    };
}
