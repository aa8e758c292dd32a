using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets;
using MlOpsPortal.Monitoring.KpiTracking.Inputs;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.KpiTracking.Running;

/// <summary>Stages a measurement's inputs and lets a child compute it: checked, tried on a sample, or for good.</summary>
internal sealed class Measurer(InputResolver resolver, IDatasetCatalog catalog, PredictionsInput predictions, ChildProcess children)
{
    public const long SampleRows = 200_000;
    private const int PreviewRows = 20;

    private static readonly ChildLimits Quick = new()
    {
        WallTime = TimeSpan.FromSeconds(20), CpuTime = TimeSpan.FromSeconds(40), Data = 3L << 30, Resident = 3L << 29, FileSize = 1L << 30,
    };

    private static readonly ChildLimits Thorough = Quick with { WallTime = TimeSpan.FromMinutes(5), CpuTime = TimeSpan.FromMinutes(10), Data = 4L << 30, Resident = 2L << 30, FileSize = 4L << 30 };

    /// <summary>Are both queries fit to be run? Looks at the inputs' columns, at none of their rows.</summary>
    public async Task<Result<ImmutableArray<ResolvedInput>>> CheckAsync(Caller caller, MeasurementSpec spec, CancellationToken cancellationToken)
    {
        var inputs = await resolver.ResolveAsync(caller, spec, cancellationToken);
        if (!inputs.IsOk)
            return inputs.Refusal;
        using var scratch = children.NewScratch();
        var checkedSpec = new MeasureSpec([.. inputs.Value.Select(input => input.WithoutRows)], spec.Numerator, Denominator(spec), []);
        var answer = await children.RunAsync<MeasureAnswer>(KpiVerbs.Measure, checkedSpec, scratch, Quick, progress: null, cancellationToken);
        return answer.IsOk ? inputs : answer.Refusal;
    }

    /// <summary>One period over at most <see cref="SampleRows"/> rows of each input, with what the queries gave.</summary>
    public Task<Result<Measured>> TryAsync(Caller caller, MeasurementSpec spec, Period period, CancellationToken cancellationToken) =>
        RunAsync(caller, spec, [period], new MeasureSpec([], spec.Numerator, Denominator(spec), [period], SampleRows, PreviewRows), Quick, progress: null, cancellationToken);

    /// <summary>All of the periods over all rows.</summary>
    public Task<Result<Measured>> MeasureAsync(Caller caller, MeasurementSpec spec, ImmutableArray<Period> periods, IProgress<JobProgress> progress, CancellationToken cancellationToken) =>
        RunAsync(caller, spec, periods, new MeasureSpec([], spec.Numerator, Denominator(spec), periods), Thorough, progress, cancellationToken);

    private async Task<Result<Measured>> RunAsync(
        Caller caller, MeasurementSpec spec, ImmutableArray<Period> periods, MeasureSpec order, ChildLimits limits, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new JobProgress("monitoring.step_staging", 0));
        var inputs = await resolver.ResolveAsync(caller, spec, cancellationToken);
        if (!inputs.IsOk)
            return inputs.Refusal;
        using var scratch = children.NewScratch();
        var staged = ImmutableArray.CreateBuilder<StagedInput>(inputs.Value.Length);
        var used = ImmutableArray.CreateBuilder<UsedInput>(inputs.Value.Length);
        foreach (var input in inputs.Value)
        {
            var file = staged.Count.ToString(CultureInfo.InvariantCulture);
            var one = await StageAsync(caller, input, periods, scratch, file, cancellationToken);
            if (!one.IsOk)
                return one.Refusal;
            staged.Add(new StagedInput(input.Input.Name, file, input.Endpoint is not null, input.Columns, input.DateColumn));
            used.Add(one.Value);
        }

        var answer = await children.RunAsync<MeasureAnswer>(KpiVerbs.Measure, order with { Inputs = staged.ToImmutable() }, scratch, limits, progress, cancellationToken);
        if (!answer.IsOk)
            return answer.Refusal;
        if (!answer.Value.Outcomes.Select(outcome => (outcome.Start, outcome.End)).SequenceEqual(periods.Select(period => (period.Start, period.End))))
            throw new InvalidDataException("The child measured other periods than it was told.");
        return new Measured(answer.Value, used.ToImmutable(), inputs.Value);
    }

    private async Task<Result<UsedInput>> StageAsync(Caller caller, ResolvedInput input, ImmutableArray<Period> periods, ScratchFolder scratch, string file, CancellationToken cancellationToken)
    {
        if (input.Endpoint is { } endpoint)
        {
            var written = await predictions.StageAsync(caller, input, endpoint, periods, scratch.Input(file), cancellationToken);
            if (written.IsOk)
                ScratchFolder.Protect(scratch.Input(file));
            return written;
        }

        var staged = await catalog.StageAsync(caller, input.Version!, scratch, file, cancellationToken); // an input that is no endpoint has a version
        return staged.Map(facts => new UsedInput(input.Input.Name, facts.Version.Dataset, facts.Version.Number, null, facts.Rows, null, []));
    }

    private static string? Denominator(MeasurementSpec spec) => string.IsNullOrWhiteSpace(spec.Denominator) ? null : spec.Denominator;
}

/// <summary>What a child computed, and from what.</summary>
internal sealed record Measured(MeasureAnswer Answer, ImmutableArray<UsedInput> Used, ImmutableArray<ResolvedInput> Inputs);
