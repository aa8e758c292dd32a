using System.Collections.Immutable;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Contracts;

/// <summary>A proposal with the sentences of its remarks.</summary>
/// <param name="Faults">What <see cref="ContractCheck"/> says of the proposal as it stands; empty when it only needs a confirmation.</param>
public sealed record ProposalView(ModelContract Contract, ImmutableArray<RemarkView> Remarks, ImmutableArray<RemarkView> Faults);

/// <param name="Field">Of the contract.</param>
public sealed record RemarkView(string Field, string Code, string Detail);

/// <summary>Proposes and confirms contracts.</summary>
public sealed class ContractDesk
{
    private readonly ModelDesk models;
    private readonly ProjectDesk projects;
    private readonly IDatasetSource datasets;
    private readonly RefusalTexts texts;

    internal ContractDesk(ModelDesk models, ProjectDesk projects, IDatasetSource datasets, RefusalTexts texts) =>
        (this.models, this.projects, this.datasets, this.texts) = (models, projects, datasets, texts);

    /// <summary>Proposes a version's contract from its file and a dataset version.</summary>
    /// <param name="dataset">The training version when null.</param>
    public async Task<Result<ProposalView>> ProposeAsync(Caller caller, ModelId id, int number, VersionRef? dataset, CancellationToken cancellationToken)
    {
        var found = await models.GetVersionAsync(caller, id, number, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (model, version) = found.Value;
        if (version is { Signature: null, NotRun: false })
            return ModelsErrors.NotAdmitted(number);
        var columns = ImmutableArray<SchemaColumn>.Empty;
        string? target = null;
        if ((dataset ?? version.Lineage.TrainedOn) is { } source)
        {
            var facts = await datasets.GetAsync(caller, source, cancellationToken);
            if (!facts.IsOk)
                return facts.Refusal;
            if (facts.Value.Project != model.Project)
                return ModelsErrors.DatasetOfOtherProject();
            (columns, target) = (facts.Value.Columns, facts.Value.Target);
        }

        var project = await projects.GetAsync(caller, model.Project, cancellationToken);
        target ??= project.Value?.State.MlProblem?.Target;
        var signature = version.NotRun ? null : version.Signature;
        var proposal = signature is null ? ContractProposer.ProposeDeclared(model.Task, columns, target) : ContractProposer.Propose(signature, model.Task, columns, target);
        var faults = (signature is null ? ContractCheck.CheckDeclared(proposal.Contract, model.Task) : ContractCheck.Check(signature, proposal.Contract, model.Task))?.Fields ?? [];
        return new ProposalView(
            proposal.Contract,
            [.. proposal.Remarks.Select(remark => new RemarkView(remark.Field, remark.Code, texts.Sentence(remark.Code, remark.Args)))],
            [.. faults.Select(fault => new RemarkView(fault.Field, fault.Code, texts.Sentence(fault)))]);
    }

    /// <summary>A person stands for the contract of a version.</summary>
    public Task<Result<Versioned<Model>>> ConfirmAsync(Caller caller, ModelId id, int number, ModelContract contract, long? expectedVersion, CancellationToken cancellationToken) =>
        models.ApplyAsync(caller, id, number, version => new ConfirmContract(version, contract), expectedVersion, cancellationToken);
}
