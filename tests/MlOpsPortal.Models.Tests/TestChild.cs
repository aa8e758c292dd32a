using System.Text.Json;
using MlOpsPortal.Engines.Sandbox;
using MlOpsPortal.Models.Admission;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Statistics.Fidelity;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Models.Tests;

/// <summary>Runs this module's verbs in a folder, as a child would, without the process around them.</summary>
internal sealed class TestChild : IDisposable
{
    private readonly string folder = Path.Combine(AppContext.BaseDirectory, "child-" + Guid.NewGuid().ToString("n"));

    public TestChild()
    {
        foreach (var name in new[] { "in", "out", "spill" })
            Directory.CreateDirectory(Path.Combine(folder, name));
    }

    public static void Confine(ChildLimits limits) => new ProcessLimits
    {
        DataBytes = limits.Data,
        CpuSeconds = (int)limits.CpuTime.TotalSeconds,
        FileBytes = limits.FileSize,
        OpenFiles = limits.OpenFiles,
    }.Apply();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public Result<ModelSignature> Admit(string model)
    {
        Stage(model, EvaluateVerb.ModelFile);
        return Run<ModelSignature>(new AdmitVerb(), new AdmitSpec(new FileInfo(model).Length, "0".PadLeft(64, '0')));
    }

    public Result<EvaluateAnswer> Evaluate(Sample sample, ModelSignature signature, ModelContract contract, int resamples = 100, string? heuristic = null)
    {
        Stage(sample.ModelFile, EvaluateVerb.ModelFile);
        Stage(sample.Test, EvaluateVerb.DataFile);
        Stage(sample.Train, EvaluateVerb.TrainingFile);
        return Run<EvaluateAnswer>(new EvaluateVerb(), new EvaluateSpec(signature, contract, contract.Threshold, new BootstrapPlan(1, resamples), HasTraining: true, heuristic));
    }

    /// <summary>Judges predictions that somebody sent, as the child does it.</summary>
    public Result<EvaluateAnswer> Judge(string data, string sent, ModelContract contract, string? key = null, BreakdownSpec? breakdown = null)
    {
        Stage(data, EvaluateVerb.DataFile);
        Stage(sent, EvaluateVerb.SentFile);
        return Run<EvaluateAnswer>(new EvaluateVerb(), new EvaluateSpec(null, contract, contract.Threshold, new BootstrapPlan(1, 100), HasTraining: false, null) { Sent = new SentSpec(key, null), Breakdown = breakdown });
    }

    /// <summary>Scores a sample's test rows and breaks the evaluation down.</summary>
    public EvaluationBreakdown BreakDown(Sample sample, ModelSignature signature, ModelContract contract, BreakdownSpec breakdown)
    {
        Stage(sample.ModelFile, EvaluateVerb.ModelFile);
        Stage(sample.Test, EvaluateVerb.DataFile);
        var spec = new EvaluateSpec(signature, contract, contract.Threshold, new BootstrapPlan(1, 100), HasTraining: false, null) { Breakdown = breakdown };
        return Run<EvaluateAnswer>(new EvaluateVerb(), spec).Required().Breakdown.ShouldNotBeNull();
    }

    public Result<FidelityReceipt> Receipt(Sample sample, ModelSignature signature, ModelContract contract)
    {
        Stage(sample.ModelFile, EvaluateVerb.ModelFile);
        Stage(sample.Test, EvaluateVerb.DataFile);
        Stage(sample.Predictions, ReceiptVerb.NativeFile);
        return Run<FidelityReceipt>(new ReceiptVerb(), new ReceiptSpec(signature, contract, FidelityLimits.Default.Tolerance, FidelityLimits.Default.RefuseAboveShare));
    }

    public string Output(string name) => Path.Combine(folder, "out", name);

    private void Stage(string file, string name) => File.Copy(file, Path.Combine(folder, "in", name), overwrite: true);

    private Result<T> Run<T>(IJobVerb verb, object spec)
    {
        var request = new ChildRequest(folder, JsonSerializer.SerializeToElement(spec, spec.GetType(), PortalJson.Options), new ChildLimits());
        return verb.Run(request, new Progress<JobProgress>()).Map(value => value.Deserialize<T>(PortalJson.Options)!);
    }
}
