using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Models.Admission;

/// <summary>What the child is told.</summary>
internal sealed record AdmitSpec(long Bytes, string Sha256);

/// <summary>Looks at a file that nobody vouches for, in the child: first in managed code, then a load without optimisations (which would fold
/// constants of any size), then a run of a few made-up rows, which shows what the outputs hold.</summary>
internal sealed class AdmitVerb : IJobVerb
{
    public const string Name = "models.admit";
    private const int TrialRows = 3;
    private const int MaxInputs = 5000;
    private const int MaxKeys = 1000;

    public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
    {
        var started = Stopwatch.GetTimestamp();
        var spec = request.Read<AdmitSpec>();
        var file = request.Input(EvaluateVerb.ModelFile);
        progress.Report(new JobProgress("models.step_inspect", 0.1));
        var inspected = OnnxInspection.InspectFile(file);
        if (inspected.Report is not { } report || !inspected.IsAcceptable)
            return Refuse(inspected.Faults);
        progress.Report(new JobProgress("models.step_load", 0.4));
        try
        {
            using var session = OnnxSession.LoadFile(file, OnnxSessionOptions.Admission);
            progress.Report(new JobProgress("models.step_trial", 0.7));
            return Describe(session, report, spec).Map(signature =>
                JsonSerializer.SerializeToElement(signature with { AdmittedInMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1) }, PortalJson.Options));
        }
        catch (OnnxException exception)
        {
            return ModelsErrors.Unprocessable("models.load_failed", DatasetScorer.Shorten(exception.Message));
        }
    }

    private static Validation Refuse(IReadOnlyList<OnnxFault> faults)
    {
        var first = faults[0];
        return ModelsErrors.Unprocessable(first.Code, DatasetScorer.Shorten(first.Where), DatasetScorer.Shorten(first.Detail)) with
        {
            Fields = [.. faults.Skip(1).Take(9).Select(fault => new FieldFault("file", fault.Code, DatasetScorer.Shorten(fault.Where), DatasetScorer.Shorten(fault.Detail)))],
        };
    }

    private static Result<ModelSignature> Describe(OnnxSession session, OnnxFileReport report, AdmitSpec spec)
    {
        if (session.Inputs.Count is 0 or > MaxInputs)
            return ModelsErrors.Unprocessable("models.input_count", session.Inputs.Count.ToString(CultureInfo.InvariantCulture), MaxInputs.ToString(CultureInfo.InvariantCulture));
        foreach (var input in session.Inputs)
            if (Fault(input) is { } refusal)
                return refusal;
        var rows = session.Inputs.Any(input => input.Shape.Count > 0 && input.Shape[0] == 1) ? 1 : TrialRows;
        var answers = session.Run([.. session.Inputs.Select(input => TrialInput.Make(input, rows))]);
        return new ModelSignature(
            [.. session.Inputs.Select(input => Value(input, TrialInput.Width(input), []))],
            [.. session.Outputs.Zip(answers, (output, answer) => Value(output, answer.Data.Length % rows == 0 ? answer.Data.Length / rows : 0, Keys(answer)))],
            report.Opsets.ToImmutableSortedDictionary(opset => opset.Key.Length == 0 ? "ai.onnx" : opset.Key, opset => opset.Value, StringComparer.Ordinal),
            $"{report.Producer} {report.ProducerVersion}".Trim(),
            spec.Bytes,
            spec.Sha256);
    }

    private static Validation? Fault(OnnxValueInfo input) => input switch
    {
        { Kind: not OnnxValueKind.Tensor } => ModelsErrors.Unprocessable("models.input_kind", input.Name, input.Kind.ToString()),
        { ElementType: not (OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.String or OnnxElementType.Bool) } =>
            ModelsErrors.Unprocessable("models.input_type", input.Name, input.ElementType.ToString()),
        { Shape: { Count: > 2 or 0 } } or { Shape: [not (-1 or 1), ..] } or { Shape: [_, < 1 or > 5000] } =>
            ModelsErrors.Unprocessable("models.input_shape", input.Name, string.Join(",", input.Shape)),
        _ => null,
    };

    private static ModelValue Value(OnnxValueInfo value, int width, ImmutableArray<string> keys) => new(value.Name, value.Kind, value.ElementType, [.. value.Shape], width, keys);

    private static ImmutableArray<string> Keys(OnnxOutput answer) =>
        [.. (answer.Keys ?? []).Take(MaxKeys).Select(key => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "")];
}

/// <summary>Made-up rows: zeros, ones and halves; empty texts.</summary>
internal static class TrialInput
{
    public static int Width(OnnxValueInfo input) => input.Shape.Count < 2 ? 1 : (int)input.Shape[1];

    public static OnnxInput Make(OnnxValueInfo input, int rows)
    {
        var width = Width(input);
        long[] shape = input.Shape.Count < 2 ? [rows] : [rows, width];
        return input.ElementType switch
        {
            OnnxElementType.Float => OnnxInput.Floats(input.Name, Fill(rows, width, row => row / 2f), shape),
            OnnxElementType.Double => OnnxInput.Doubles(input.Name, Fill(rows, width, row => row / 2d), shape),
            OnnxElementType.Int64 => OnnxInput.Int64s(input.Name, Fill(rows, width, row => (long)row), shape),
            OnnxElementType.Int32 => OnnxInput.Int32s(input.Name, Fill(rows, width, row => row), shape),
            OnnxElementType.Bool => OnnxInput.Booleans(input.Name, Fill(rows, width, row => row % 2 == 1), shape),
            OnnxElementType.String => OnnxInput.Strings(input.Name, Fill(rows, width, _ => ""), shape),
            _ => throw new OnnxException($"Input '{input.Name}' holds {input.ElementType}, which cannot be tried."),
        };
    }

    private static T[] Fill<T>(int rows, int width, Func<int, T> value)
    {
        var values = new T[rows * width];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(index / width);
        return values;
    }
}
