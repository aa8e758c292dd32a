using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Contracts;

/// <summary>A contract as far as file and dataset tell it, for a person to confirm or correct.</summary>
/// <param name="Contract">What could not be told is empty: it fails <see cref="ContractCheck"/> until somebody fills it in.</param>
/// <param name="Remarks">What was assumed, and what does not fit.</param>
public sealed record ContractProposal(ModelContract Contract, ImmutableArray<ContractRemark> Remarks);

/// <summary>Something the person who confirms should look at.</summary>
/// <param name="Field">Of the contract, as in a refusal's fields.</param>
/// <param name="Code">Its sentence is a resource.</param>
public sealed record ContractRemark(string Field, string Code, ImmutableArray<string> Args);

/// <summary>A column of a dataset version, as far as contracts care.</summary>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Values">Distinct values, most frequent first; empty when there are too many to list.</param>
public sealed record SchemaColumn(string Name, FeatureType? Type, long Missing, ImmutableArray<string> Values);

/// <summary>Proposes contracts. Names are matched; where a tensor has no column names, the dataset's order is taken and said to be an assumption.</summary>
public static class ContractProposer
{
    private static readonly string[] UsualTargets = ["target", "label", "y", "class", "outcome"];
    private static readonly string[] UsualPositives = ["1", "true", "True", "yes", "Yes"];

    /// <param name="target">What the project's ML problem names; null when it names nothing.</param>
    public static ContractProposal Propose(ModelSignature signature, MlTask task, ImmutableArray<SchemaColumn> columns, string? target)
    {
        var remarks = ImmutableArray.CreateBuilder<ContractRemark>();
        var byName = Match(signature, columns);
        var chosen = Target(signature, columns, byName, target, remarks);
        var features = Features(signature, columns, byName, chosen, remarks);
        var positive = task == MlTask.Binary ? Positive(signature, columns, chosen, remarks) : null;
        var output = Output(signature, task, positive, remarks);
        var contract = new ModelContract(task, chosen ?? "", positive, output, features, task == MlTask.Binary ? 0.5 : null);
        return new ContractProposal(
            task == MlTask.Multiclass ? contract with { Classes = ClassProposal.Of(signature.Output(output.Name), columns.FirstOrDefault(column => column.Name == chosen), remarks) } : contract,
            remarks.ToImmutable());
    }

    /// <summary>For a version that is not run: what its predictions are about, as far as the dataset tells.</summary>
    public static ContractProposal ProposeDeclared(MlTask task, ImmutableArray<SchemaColumn> columns, string? target)
    {
        var remarks = ImmutableArray.CreateBuilder<ContractRemark>();
        var chosen = columns.FirstOrDefault(column => column.Name == target) ?? columns.FirstOrDefault(column => UsualTargets.Contains(column.Name, StringComparer.OrdinalIgnoreCase));
        if (chosen is null)
            remarks.Add(Remark("target", "models.remark_no_target"));
        var positive = task == MlTask.Binary ? PositiveOf(chosen?.Values ?? [], remarks) : null;
        var contract = new ModelContract(task, chosen?.Name ?? target ?? "", positive, ContractOutput.None, [], task == MlTask.Binary ? 0.5 : null);
        return new ContractProposal(task == MlTask.Multiclass ? contract with { Classes = ClassProposal.Of(chosen) } : contract, remarks.ToImmutable());
    }

    /// <summary>Inputs of one value per row that are named like a column; converters write other characters as underscores.</summary>
    private static Dictionary<string, SchemaColumn> Match(ModelSignature signature, ImmutableArray<SchemaColumn> columns)
    {
        var byKey = columns.GroupBy(column => Key(column.Name), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var matched = new Dictionary<string, SchemaColumn>(StringComparer.Ordinal);
        foreach (var input in signature.Inputs.Where(input => input.Width == 1))
            if ((columns.FirstOrDefault(column => column.Name == input.Name) ?? byKey.GetValueOrDefault(Key(input.Name))) is { } column)
                matched[input.Name] = column;
        return matched;
    }

    private static string Key(string name) => string.Concat(name.Select(character => char.IsLetterOrDigit(character) ? char.ToLowerInvariant(character) : '_'));

    private static string? Target(
        ModelSignature signature, ImmutableArray<SchemaColumn> columns, Dictionary<string, SchemaColumn> byName, string? declared, ImmutableArray<ContractRemark>.Builder remarks)
    {
        var free = columns.Except(byName.Values).ToList();
        if (declared is not null && free.Exists(column => column.Name == declared))
            return declared;
        var open = signature.Inputs.Where(input => !byName.ContainsKey(input.Name)).Sum(input => input.Width);
        var guess = free.Find(column => UsualTargets.Contains(column.Name, StringComparer.OrdinalIgnoreCase))
            ?? (free.Count == open + 1 ? free[^1] : null);
        remarks.Add(guess is null ? Remark("target", "models.remark_no_target") : Remark("target", "models.remark_target", guess.Name));
        return guess?.Name;
    }

    private static ImmutableArray<ContractFeature> Features(
        ModelSignature signature, ImmutableArray<SchemaColumn> columns, Dictionary<string, SchemaColumn> byName, string? target, ImmutableArray<ContractRemark>.Builder remarks)
    {
        var free = new Queue<SchemaColumn>(columns.Except(byName.Values).Where(column => column.Name != target));
        var features = ImmutableArray.CreateBuilder<ContractFeature>();
        foreach (var input in signature.Inputs)
        {
            if (byName.TryGetValue(input.Name, out var named))
            {
                features.Add(Feature(input, 0, named, remarks, features.Count));
                continue;
            }

            if (input.Width == 1)
            {
                remarks.Add(Remark($"features[{features.Count}].name", "models.remark_no_column", input.Name));
                features.Add(new ContractFeature(input.Name, TypeOf(input.Type), false, input.Name, 0));
                continue;
            }

            remarks.Add(free.Count == input.Width
                ? Remark("features", "models.remark_order", input.Name, Text(input.Width))
                : Remark("features", "models.remark_width", input.Name, Text(input.Width), Text(free.Count)));
            for (var position = 0; position < input.Width; position++)
                features.Add(free.TryDequeue(out var column)
                    ? Feature(input, position, column, remarks, features.Count)
                    : new ContractFeature("", TypeOf(input.Type), false, input.Name, position));
        }

        return features.ToImmutable();
    }

    private static ContractFeature Feature(ModelValue input, int position, SchemaColumn column, ImmutableArray<ContractRemark>.Builder remarks, int index)
    {
        var isFloat = input.Type is OnnxElementType.Float or OnnxElementType.Double;
        if (column.Type is not { } type || !ContractCheck.Fits(type, input.Type))
            remarks.Add(Remark($"features[{index}].type", "models.remark_type", column.Name, input.Name, input.Describe()));
        if (column.Missing > 0 && !isFloat)
            remarks.Add(Remark($"features[{index}].nullable", "models.remark_missing", column.Name, Text(column.Missing), input.Describe()));
        return new ContractFeature(column.Name, TypeOf(input.Type), column.Missing > 0 && isFloat, input.Name, position);
    }

    private static string? Positive(ModelSignature signature, ImmutableArray<SchemaColumn> columns, string? target, ImmutableArray<ContractRemark>.Builder remarks)
    {
        var values = columns.FirstOrDefault(column => column.Name == target)?.Values ?? [];
        var keys = signature.Outputs.FirstOrDefault(output => output.Kind == OnnxValueKind.SequenceOfMaps)?.Keys ?? [];
        return PositiveOf(values.IsEmpty ? keys : values, remarks);
    }

    private static string? PositiveOf(ImmutableArray<string> known, ImmutableArray<ContractRemark>.Builder remarks)
    {
        var usual = Array.Find(UsualPositives, usual => known.Contains(usual, StringComparer.Ordinal));
        if (usual is null)
            remarks.Add(Remark("positiveClass", "models.remark_no_positive", string.Join(", ", known.Take(10))));
        return usual;
    }

    private static ContractOutput Output(ModelSignature signature, MlTask task, string? positive, ImmutableArray<ContractRemark>.Builder remarks)
    {
        if (task != MlTask.Regression && signature.Outputs.FirstOrDefault(output => output.Kind == OnnxValueKind.SequenceOfMaps) is { } map)
        {
            if (task == MlTask.Multiclass)
                return new ContractOutput(map.Name, 0, null);
            var key = positive is not null && map.Keys.Contains(positive, StringComparer.Ordinal) ? positive : map.Keys.Length == 2 ? map.Keys[1] : null;
            return new ContractOutput(map.Name, 0, key);
        }

        var numbers = signature.Outputs.Where(output => output.Kind == OnnxValueKind.Tensor && output.Type is OnnxElementType.Float or OnnxElementType.Double).ToList();
        var best = task == MlTask.Regression
            ? numbers.Find(output => output.Width == 1) ?? numbers.FirstOrDefault()
            : (task == MlTask.Binary ? numbers.Find(output => output.Width == 2) : null) ?? numbers.Find(output => output.Name.Contains("prob", StringComparison.OrdinalIgnoreCase)) ?? numbers.FirstOrDefault();
        if (best is null)
        {
            remarks.Add(Remark("output", "models.remark_no_output"));
            return new ContractOutput(signature.Outputs.IsEmpty ? "" : signature.Outputs[0].Name, 0, null);
        }

        if (task == MlTask.Binary && best.Width == 1)
            remarks.Add(Remark("output", "models.remark_one_score", best.Name));
        return new ContractOutput(best.Name, task == MlTask.Binary && best.Width == 2 ? 1 : 0, null);
    }

    private static FeatureType TypeOf(OnnxElementType element) => element switch
    {
        OnnxElementType.String => FeatureType.Text,
        OnnxElementType.Bool => FeatureType.Boolean,
        OnnxElementType.Int64 or OnnxElementType.Int32 => FeatureType.Integer,
        _ => FeatureType.Number,
    };

    internal static ContractRemark Remark(string field, string code, params ImmutableArray<string> args) => new(field, code, args);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
