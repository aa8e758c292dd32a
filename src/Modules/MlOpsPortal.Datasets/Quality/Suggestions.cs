using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;

namespace MlOpsPortal.Datasets.Quality;

/// <summary>Expectations that a profile suggests. A person takes over what she finds sensible.</summary>
internal static class Suggestions
{
    private const int MaxCategories = 10;
    private const double CategoryRatio = 0.1;

    public static ImmutableArray<Expectation> From(DatasetProfile profile, Func<Guid> newId)
    {
        var found = ImmutableArray.CreateBuilder<Expectation>();
        found.Add(new RowCountBetween(Math.Max(1, profile.Rows / 2), null) { Id = newId() });
        foreach (var column in profile.Columns)
        {
            var present = profile.Rows - column.Missing;
            if (present == 0)
                continue;
            found.Add(new NotNull(column.Name, Floor((double)present / profile.Rows)) { Id = newId() });
            if (column.Distinct == profile.Rows && profile.Rows > 1 && column.Type is (ColumnType.Text or ColumnType.Integer))
                found.Add(new Unique([column.Name]) { Id = newId() });
            else if (column.Distinct <= MaxCategories && (double)column.Distinct / present <= CategoryRatio && column.Type is (ColumnType.Text or ColumnType.Boolean))
                found.Add(new InSet(column.Name, [.. column.Top.Select(top => top.Value)], 1) { Id = newId() });
            else if (column.Number is { } number)
                found.Add(new InRange(column.Name, number.Min, number.Max, 1) { Id = newId() });
        }

        return found.ToImmutable();
    }

    /// <summary>A little below what was seen, so that the next version need not be better than this one.</summary>
    private static double Floor(double share) => share >= 1 ? 1 : Math.Max(0.01, Math.Floor(share * 100 - 1) / 100);
}
