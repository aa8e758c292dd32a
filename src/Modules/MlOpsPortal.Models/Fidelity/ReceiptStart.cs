using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>A receipt is measured as soon as both are there: the library's predictions and a confirmed contract.</summary>
internal static class ReceiptStart
{
    public static (ModelVersion Version, IReadOnlyList<ITenantRow> Job) Begin(Model model, ModelVersion version, Facts facts)
    {
        if (version.Fidelity is not { } fidelity || version.Contract is not { } contract)
            return (version, []);
        var after = version with { Fidelity = new FidelityState(fidelity.Native) { Job = new JobId(facts.NewId()), ContractSha256 = contract.Sha256 } };
        return (after, [ModelJobs.Receipt(model, after, facts)]);
    }
}
