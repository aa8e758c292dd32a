using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class ModelsErrors
{
    public static Conflict NameTaken() => new("models.name_taken");

    public static Conflict Archived() => new("models.archived");

    public static Conflict VersionMove(VersionState from, VersionMove move) => new("models.version_move", Word(from), Word(move));

    public static Conflict TooManyVersions(int most) => new("models.too_many_versions", Number(most));

    public static Conflict TooManyAliases(int most) => new("models.too_many_aliases", Number(most));

    public static Validation AliasName() => new("models.alias_name") { Fields = [new FieldFault("alias", "models.alias_name")] };

    public static Conflict NotReady(int number) => new("models.not_ready", Number(number));

    public static Conflict NotRun(int number) => new("models.not_run", Number(number));

    public static Validation SentNeeded(int number) => Unprocessable("models.sent_needed", Number(number));

    public static Validation SentNotTaken(int number) => Unprocessable("models.sent_not_taken", Number(number));

    public static Conflict NotAdmitted(int number) => new("models.not_admitted", Number(number));

    public static Validation AdmissionFailed() => Unprocessable("models.admission_failed");

    public static Validation Unprocessable(string code, params ImmutableArray<string> args) => new(code, args) { Kind = ValidationKind.Unprocessable };

    /// <summary>Somebody else's, or nobody's: both read the same.</summary>
    public static NotFound NoDataset() => new("models.no_dataset");

    public static Conflict DatasetOfOtherProject() => new("models.dataset_other_project");

    public static Validation NotServed(string task) => Unprocessable("models.not_served", task);

    public static Conflict ReleaseMove(ReleaseState from, ReleaseMove move) => new("models.release_move", Word(from), Word(move));

    public static Conflict ReleaseOpen() => new("models.release_open");

    public static Conflict SandboxNeedsNone() => new("models.sandbox_needs_none");

    public static Forbidden OwnRequest() => new("models.own_request");

    public static Conflict EvidenceChanged() => new("models.evidence_changed");

    public static Validation EvidenceMissing(ImmutableArray<FieldFault> missing) => new("models.evidence_missing") { Kind = ValidationKind.Unprocessable, Fields = missing };

    public static Conflict NotApproved(string version) => new("models.not_approved", version);

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
