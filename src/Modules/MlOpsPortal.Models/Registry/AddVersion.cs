using System.Collections.Immutable;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models.Registry;

/// <summary>An upload on its way into a version: its blob's row is written in the transaction that names it.</summary>
internal sealed record TakenBlob(StoredFile File, string Purpose)
{
    public BlobRow Row(DateTimeOffset now) => new() { Id = File.Blob, Length = File.Bytes, Sha256 = File.Sha256, Purpose = Purpose, CreatedAt = now };
}

/// <summary>What the training library itself predicted, for the fidelity receipt.</summary>
internal sealed record TakenPredictions(TakenBlob Blob, VersionRef Dataset)
{
    public NativePredictions Native => new(Blob.File, Dataset);
}

/// <summary>Adds an uploaded file as the next version, to be admitted by a job; or a version that the portal does not run, with or without a file.</summary>
internal sealed record AddVersion(ModelVersionId Id, TakenBlob? File, Lineage Lineage, TakenPredictions? Native, bool NotRun = false) : ModelCommand
{
    protected override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults)
    {
        Check(Lineage, faults);
        faults.When(File is null && !NotRun, "upload", "models.upload_needed").When(NotRun && Native is not null, "predictions", "models.receipt_needs_file");
        if (faults.Refusal is { } refusal)
            return refusal;
        if (model.Versions.Length >= ModelLimits.Versions)
            return ModelsErrors.TooManyVersions(ModelLimits.Versions);
        if (model.Find(Id) is not null)
            return new Conflict("stale");
        var version = new ModelVersion
        {
            Id = Id,
            Number = model.Versions.Length + 1,
            State = NotRun ? VersionState.ContractNeeded : VersionState.Admitting,
            File = File?.File,
            NotRun = NotRun,
            Lineage = Lineage,
            UploadedBy = Person.Of(facts.Caller),
            UploadedAt = facts.Now,
            AdmissionJob = NotRun ? null : new JobId(facts.NewId()),
            Fidelity = Native is null ? null : new FidelityState(Native.Native),
        };
        var after = model with { Versions = model.Versions.Add(version) };
        return new Change<Model>(after, [new VersionUploaded(version.Id, version.Number, version.File?.Name ?? "", version.File?.Sha256 ?? "")])
        {
            Rows = [.. Blobs(facts), .. version.AdmissionJob is null ? Array.Empty<ITenantRow>() : [ModelJobs.Admit(after, version, facts)]],
        };
    }

    private IEnumerable<ITenantRow> Blobs(Facts facts) => new[] { File, Native?.Blob }.OfType<TakenBlob>().Select(blob => blob.Row(facts.Now));

    internal static void Check(Lineage lineage, Faults faults)
    {
        faults.OptionalText("algorithm", lineage.Algorithm, ModelLimits.Algorithm).OptionalText("commit", lineage.Commit, ModelLimits.Commit)
            .When(lineage.Parameters.Count > ModelLimits.Parameters, "parameters", "models.too_many_parameters", ModelLimits.Parameters.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (name, value) in lineage.Parameters.Take(ModelLimits.Parameters))
            faults.Text($"parameters.{name}", name, ModelLimits.ParameterName).OptionalText($"parameters.{name}", value, ModelLimits.ParameterValue);
    }
}

/// <summary>Says later where a version comes from, or corrects it.</summary>
public sealed record DescribeVersion(
    ModelVersionId Version, VersionRef? TrainedOn, string? Algorithm, ImmutableSortedDictionary<string, string>? Parameters, string? Commit) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        var after = new Lineage(TrainedOn, Given(Algorithm), Parameters ?? ImmutableSortedDictionary<string, string>.Empty, Given(Commit));
        AddVersion.Check(after, faults);
        return faults.Refusal is { } refusal
            ? refusal
            : Change.To(model.With(version with { Lineage = after }), new VersionDescribed(version.Id, version.Number, version.Lineage, after));
    }

    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
