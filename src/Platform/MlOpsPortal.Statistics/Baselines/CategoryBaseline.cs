using System.Collections.Immutable;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Baselines;

/// <summary>
/// The heuristic of one column: a row is scored by what its category did on average in training ("send the most popular offer").
/// A missing value is a category of its own; one that training never saw gets the average of all.
/// </summary>
/// <param name="Overall">Share of positives (0..1) or mean outcome of all training rows; refused when training cannot be averaged.</param>
/// <param name="Categories">Highest average first, equal ones by name.</param>
public sealed record CategoryBaseline(Metric Overall, ImmutableArray<CategoryAverage> Categories)
{
    /// <summary>Learns from a binary outcome: the share of positives per category.</summary>
    public static CategoryBaseline Fit(IReadOnlyList<string?> categories, ReadOnlySpan<bool> truth)
    {
        var values = new double[truth.Length];
        for (var i = 0; i < values.Length; i++) values[i] = truth[i] ? 1 : 0;
        return Fit(categories, values);
    }

    /// <summary>Learns from a number: the mean outcome per category.</summary>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static CategoryBaseline Fit(IReadOnlyList<string?> categories, ReadOnlySpan<double> truth)
    {
        Columns.RequireSameLength(categories.Count, truth.Length, nameof(truth));
        var overall = ConstantBaseline.Mean(truth);
        if (overall.Value is null) return new CategoryBaseline(overall, []);
        var sums = new Dictionary<(string?, bool), (double Sum, int Rows)>();
        for (var i = 0; i < truth.Length; i++)
        {
            var key = (categories[i], categories[i] is null);
            var old = sums.GetValueOrDefault(key);
            sums[key] = (old.Sum + truth[i], old.Rows + 1);
        }

        return new CategoryBaseline(
            overall,
            [
                .. sums.Select(entry => new CategoryAverage(entry.Key.Item1, entry.Value.Sum / entry.Value.Rows, entry.Value.Rows))
                    .OrderByDescending(average => average.Average)
                    .ThenBy(average => average.Category, StringComparer.Ordinal),
            ]);
    }

    /// <summary>One score per row.</summary>
    /// <exception cref="InvalidOperationException">Training could not be averaged: <see cref="Overall"/> says why.</exception>
    public double[] Score(IReadOnlyList<string?> categories)
    {
        var fallback = Overall.Value ?? throw new InvalidOperationException($"This baseline has learnt nothing: {Overall.Reason}.");
        var known = Categories.Where(average => average.Category is not null)
            .ToDictionary(average => average.Category!, average => average.Average, StringComparer.Ordinal); // not null: filtered above
        var missing = Categories.FirstOrDefault(average => average.Category is null)?.Average ?? fallback;
        return [.. categories.Select(category => category is null ? missing : known.GetValueOrDefault(category, fallback))];
    }
}

/// <summary>What one category did in training.</summary>
/// <param name="Category">Null for missing values.</param>
/// <param name="Average">Share of positives, or mean outcome.</param>
/// <param name="Rows">Training rows.</param>
public sealed record CategoryAverage(string? Category, double Average, int Rows);
