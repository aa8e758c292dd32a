using System.Globalization;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Contracts;

/// <summary>Does a contract fit its file? Every value of every input is fed by exactly one feature, types agree, and the answer is where it is said to be.</summary>
public static class ContractCheck
{
    private const int MaxName = 250;
    private const int MaxFeatures = 5000;
    private const int MaxClasses = 1000;

    /// <returns>Null when it fits.</returns>
    public static Validation? Check(ModelSignature signature, ModelContract contract, MlTask task)
    {
        var faults = new Faults();
        faults.When(contract.Task != task, "task", "models.contract_task", task.ToString())
            .Text("target", contract.Target, MaxName)
            .When(contract.Features.IsDefaultOrEmpty || contract.Features.Length > MaxFeatures, "features", "models.contract_features", MaxFeatures.ToString(CultureInfo.InvariantCulture));
        if (faults.Refusal is { } early)
            return early;
        CheckNames(contract, faults);
        CheckFeatures(signature, contract, faults);
        CheckInputs(signature, contract, faults);
        CheckOutput(signature, contract, faults);
        CheckTask(contract, faults);
        return faults.Refusal;
    }

    /// <summary>The contract of a version that is not run says what its predictions are about: task, target and classes, nothing of inputs and outputs.</summary>
    /// <returns>Null when it does.</returns>
    public static Validation? CheckDeclared(ModelContract contract, MlTask task)
    {
        var faults = new Faults();
        faults.When(contract.Task != task, "task", "models.contract_task", task.ToString())
            .Text("target", contract.Target, MaxName)
            .When(!contract.Features.IsDefaultOrEmpty, "features", "models.contract_declared")
            .When(contract.Output != ContractOutput.None, "output", "models.contract_declared");
        CheckTask(contract, faults);
        return faults.Refusal;
    }

    /// <summary>Can values of such a feature be given to an input of this element type?</summary>
    public static bool Fits(FeatureType type, OnnxElementType element) => element switch
    {
        OnnxElementType.Float or OnnxElementType.Double => type is FeatureType.Number or FeatureType.Integer or FeatureType.Boolean,
        OnnxElementType.Int64 or OnnxElementType.Int32 => type is FeatureType.Integer or FeatureType.Boolean,
        OnnxElementType.String => type is FeatureType.Text,
        OnnxElementType.Bool => type is FeatureType.Boolean,
        _ => false,
    };

    private static void CheckNames(ModelContract contract, Faults faults)
    {
        foreach (var group in contract.Features.Select((feature, index) => (feature, index)).GroupBy(item => item.feature.Name, StringComparer.Ordinal))
        {
            foreach (var (feature, index) in group)
                faults.Text($"features[{index}].name", feature.Name, MaxName)
                    .When(feature.Name == contract.Target, $"features[{index}].name", "models.contract_target_is_feature", feature.Name);
            if (group.Skip(1).Any())
                faults.When(true, $"features[{group.Last().index}].name", "models.contract_feature_twice", group.Key);
        }
    }

    private static void CheckFeatures(ModelSignature signature, ModelContract contract, Faults faults)
    {
        foreach (var (feature, index) in contract.Features.Select((feature, index) => (feature, index)))
        {
            if (signature.Input(feature.Input) is not { } input)
            {
                faults.When(true, $"features[{index}].input", "models.contract_no_input", feature.Input ?? "");
                continue;
            }

            faults.When(feature.Position < 0 || feature.Position >= input.Width, $"features[{index}].position", "models.contract_position", input.Name, (input.Width - 1).ToString(CultureInfo.InvariantCulture))
                .When(!Fits(feature.Type, input.Type), $"features[{index}].type", "models.contract_type", feature.Name, input.Name, input.Describe())
                .When(feature.Nullable && input.Type is not (OnnxElementType.Float or OnnxElementType.Double), $"features[{index}].nullable", "models.contract_nullable", feature.Name, input.Describe());
        }
    }

    private static void CheckInputs(ModelSignature signature, ModelContract contract, Faults faults)
    {
        foreach (var input in signature.Inputs)
        {
            var fed = contract.Features.Where(feature => feature.Input == input.Name).Select(feature => feature.Position).ToList();
            var missing = Enumerable.Range(0, input.Width).Except(fed).ToList();
            faults.When(missing.Count > 0, "features", "models.contract_input_open", input.Name, string.Join(", ", missing.Take(5)), missing.Count.ToString(CultureInfo.InvariantCulture))
                .When(fed.Distinct().Count() != fed.Count, "features", "models.contract_input_twice", input.Name);
        }
    }

    private static void CheckOutput(ModelSignature signature, ModelContract contract, Faults faults)
    {
        if (signature.Output(contract.Output.Name) is not { } output)
        {
            faults.When(true, "output.name", "models.contract_no_output", contract.Output.Name ?? "");
            return;
        }

        var isMap = output.Kind == OnnxValueKind.SequenceOfMaps;
        if (contract.Task == MlTask.Multiclass)
        {
            var names = contract.ClassNames;
            faults.When(isMap && !names.All(name => output.Keys.Contains(name, StringComparer.Ordinal)), "classes", "models.contract_keys", output.Name, string.Join(", ", output.Keys))
                .When(!isMap && names.Length != output.Width, "classes", "models.contract_class_count", output.Name, output.Width.ToString(CultureInfo.InvariantCulture), names.Length.ToString(CultureInfo.InvariantCulture));
        }

        isMap = isMap && contract.Task != MlTask.Multiclass;
        faults.When(isMap && (contract.Output.Key is null || !output.Keys.Contains(contract.Output.Key, StringComparer.Ordinal)), "output.key", "models.contract_key", output.Name, string.Join(", ", output.Keys))
            .When(!isMap && contract.Output.Key is not null, "output.key", "models.contract_no_key", output.Name)
            .When(output.Kind != OnnxValueKind.SequenceOfMaps && (contract.Output.Column < 0 || contract.Output.Column >= output.Width), "output.column", "models.contract_column", output.Name, (output.Width - 1).ToString(CultureInfo.InvariantCulture))
            .When(output.Kind != OnnxValueKind.SequenceOfMaps && output.Type is not (OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.Int32), "output.name", "models.contract_output_type", output.Name, output.Describe());
    }

    private static void CheckTask(ModelContract contract, Faults faults)
    {
        var binary = contract.Task == MlTask.Binary;
        var several = contract.Task == MlTask.Multiclass;
        var names = contract.ClassNames;
        faults.When(several && (names.Length is < 2 or > MaxClasses || names.Any(string.IsNullOrEmpty) || names.Distinct(StringComparer.Ordinal).Count() != names.Length), "classes", "models.contract_classes", MaxClasses.ToString(CultureInfo.InvariantCulture))
            .When(!several && contract.Classes is not null, "classes", "models.contract_no_classes");
        faults.When(binary && string.IsNullOrEmpty(contract.PositiveClass), "positiveClass", "required")
            .When(!binary && contract.PositiveClass is not null, "positiveClass", "models.contract_no_positive")
            .When(binary && contract.Threshold is not (>= 0 and <= 1), "threshold", "models.contract_threshold")
            .When(!binary && contract.Threshold is not null, "threshold", "models.contract_no_threshold");
    }
}
