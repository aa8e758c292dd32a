using System.Collections.Immutable;
using System.Globalization;

namespace MlOpsPortal.Models.Contracts;

/// <summary>Which classes the columns of an output are about: the names of a ZipMap, otherwise the values of the target in ascending order, as most libraries number them.</summary>
internal static class ClassProposal
{
    public static ImmutableArray<string> Of(ModelValue? output, SchemaColumn? target, ImmutableArray<ContractRemark>.Builder remarks)
    {
        if (output is { Keys: { IsEmpty: false } keys })
            return keys;
        ImmutableArray<string> values = target is null ? [] : [.. target.Values.Distinct(StringComparer.Ordinal)];
        if (values.IsEmpty || values.Length != (output?.Width ?? 0))
        {
            remarks.Add(ContractProposer.Remark("classes", "models.remark_class_count", Text(output?.Width ?? 0), Text(values.Length)));
            return Sorted(values);
        }

        remarks.Add(ContractProposer.Remark("classes", "models.remark_class_order", output?.Name ?? "", string.Join(", ", Sorted(values))));
        return Sorted(values);
    }

    public static ImmutableArray<string> Of(SchemaColumn? target) => Sorted(target is null ? [] : [.. target.Values.Distinct(StringComparer.Ordinal)]);

    /// <summary>Numbers by size, words by their code points.</summary>
    private static ImmutableArray<string> Sorted(ImmutableArray<string> values) =>
        values.All(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. values.OrderBy(value => double.Parse(value, CultureInfo.InvariantCulture))]
            : [.. values.Order(StringComparer.Ordinal)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
