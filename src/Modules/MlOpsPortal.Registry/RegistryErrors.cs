using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Registry;

/// <summary>Why this module refuses; the sentences are in Refusals.resx, in MLflow's words where its clients know them.</summary>
public static class RegistryErrors
{
    public static NotFound NoModel(string name) => new("registry.model_not_found", Cut(name));

    public static NotFound NoVersion(string name, string version) => new("registry.version_not_found", Cut(name), Cut(version));

    public static NotFound NoLatest(string name) => new("registry.no_latest", Cut(name));

    public static Validation NoAlias(string alias) => new("registry.alias_not_found", Cut(alias));

    public static Conflict NameTaken(string name) => new("registry.name_taken", Cut(name));

    public static Conflict NameTakenByOther(string kind, string name, string other) => new("registry.other_name_taken", kind, Cut(name), other);

    public static NotFound NoProject(string written) => new("registry.project_not_found", Cut(written));

    public static Validation NotInteger(string version) => new("registry.version_not_integer", Cut(version));

    public static Validation Required(string field) => new("registry.required", field);

    public static Validation TooLong(string field, int most) => new("registry.too_long", field, most.ToString(CultureInfo.InvariantCulture));

    public static Validation ModelName(string name) => new("registry.model_name", Cut(name));

    public static Validation Path(string field, string name, string resolved) => new("registry.path", field, Cut(name), Cut(resolved));

    public static Validation Characters(string field, string name) => new("registry.characters", field, Cut(name));

    public static Validation Unseen(string field) => new("registry.unseen", field);

    public static Validation AliasName(string alias) => new("registry.alias_name", Cut(alias));

    public static Validation AliasLatest() => new("registry.alias_latest");

    public static Validation AliasVersion(string alias) => new("registry.alias_version", Cut(alias));

    public static Validation Stage(string stage) => new("registry.stage", Cut(stage));

    public static Validation ArchiveFlag(string stage) => new("registry.archive_flag", Cut(stage));

    public static Validation Source(string source) => new("registry.source", Cut(source));

    public static Validation SourceOwner(string source, string parameter) => new("registry.source_owner", Cut(source), parameter);

    public static Validation SourceMismatch(string source) => new("registry.source_mismatch", Cut(source));

    public static Validation SourcePrompt(string source) => new("registry.source_prompt", Cut(source));

    public static Validation PromptSource(string source) => new("registry.prompt_source", Cut(source));

    public static Validation MaxResults(long most, long got) => new("registry.max_results", most.ToString(CultureInfo.InvariantCulture), got.ToString(CultureInfo.InvariantCulture));

    public static Validation MaxResultsTooFew(long got) => new("registry.max_results_few", got.ToString(CultureInfo.InvariantCulture));

    public static Validation PageToken() => new("registry.page_token");

    /// <param name="request">Where it is decided: its id is the last argument, for whoever can make an address of it.</param>
    public static Forbidden NeedsApproval(string what, MoveRequestId request) => new(NeedsApprovalCode, what, $"/registry/requests/{request}");

    /// <summary>Its second argument is the request's page below <c>/t/{tenant}</c>.</summary>
    public const string NeedsApprovalCode = "registry.needs_approval";

    public static Forbidden HoldsProtected(string name, string alias) => new("registry.holds_protected", Cut(name), alias);

    public static Conflict NotDeleted() => new("registry.not_deleted");

    public static Conflict RequestOver(string state) => new("registry.request_over", state);

    public static Forbidden OwnRequest() => new("registry.own_request");

    public static Forbidden NotYourRequest() => new("registry.not_your_request");

    public static Conflict NoOnnx() => new("registry.no_onnx");

    public static Conflict NoFiles() => new("registry.no_files");

    public static Conflict TooManyTags(int most) => new("registry.too_many_tags", most.ToString(CultureInfo.InvariantCulture));

    internal static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
