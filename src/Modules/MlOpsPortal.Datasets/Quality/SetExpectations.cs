using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Jobs;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Datasets.Quality;

/// <summary>Replaces a dataset's expectations, and has its latest version checked against them.</summary>
public sealed record SetExpectations(ImmutableArray<Expectation> Expectations) : DatasetCommand
{
    public const int MaxExpectations = 500;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (Expectations.IsDefault)
            return new Faults().Text("expectations", null, 1).Refusal!; // a null text is always a fault
        var faults = new Faults().When(Expectations.Length > MaxExpectations, "expectations", "datasets.too_many_expectations", MaxExpectations.ToString(CultureInfo.InvariantCulture));
        for (var at = 0; at < Math.Min(Expectations.Length, MaxExpectations); at++)
            Expectations[at].Check(faults, string.Create(CultureInfo.InvariantCulture, $"expectations[{at}]"));
        faults.When(Expectations.DistinctBy(expectation => expectation.Id).Count() != Expectations.Length, "expectations", "datasets.expectation_ids");
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = dataset with { Expectations = Expectations };
        return Change.To(after, new ExpectationsSet(dataset.Expectations, Expectations)).Map(change => change with
        {
            Rows = after.LatestReady is { } latest ? [CheckVersion.Job(after, latest.Number, facts)] : [],
        });
    }
}

/// <summary>Has a version checked against the dataset's expectations as they are now.</summary>
public sealed record CheckVersion(int Number) : DatasetCommand
{
    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (dataset.Version(Number) is not { } version)
            return new NotFound();
        return version.State != VersionState.Ready
            ? DatasetsErrors.NotReady(Number)
            : Change.To(dataset, new CheckAsked(Number)).Map(change => change with { Rows = [Job(dataset, Number, facts)] });
    }

    internal static Platform.Jobs.JobRow Job(Dataset dataset, int number, Facts facts) =>
        Rows.Job(CheckKind.Name, new JobId(facts.NewId()), dataset, $"Check version {number.ToString(CultureInfo.InvariantCulture)}", new VersionJob(dataset.Id, [number]), facts);
}

/// <summary>Notes a check's results.</summary>
internal sealed record RecordQuality(int Number, int Passed, int Failed, int Unknown, string Results) : DatasetCommand
{
    protected override bool EvenArchived => true;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (dataset.Version(Number) is not { } version)
            return new NotFound();
        var quality = new QualitySummary(Passed, Failed, Unknown, facts.Now);
        return Change.To(dataset.With(version with { Quality = quality }), new VersionChecked(Number, quality)).Map(change => change with { Rows = [Rows.Quality(dataset, Number, Results, facts)] });
    }
}
