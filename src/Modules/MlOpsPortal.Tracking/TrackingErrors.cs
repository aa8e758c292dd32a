using System.Globalization;
using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static partial class TrackingErrors
{
    public static NotFound NoExperiment(string id) => new("tracking.experiment_not_found", Cut(id));

    public static NotFound NoExperimentNamed(string name) => new("tracking.experiment_name_not_found", Cut(name));

    public static NotFound NoRun(string id) => new("tracking.run_not_found", Cut(id));

    public static NotFound NoProject(string written) => new("tracking.project_not_found", Cut(written));

    public static NotFound NoTag(string key, string kind, string id) => new("tracking.tag_not_found", Cut(key), kind, id);

    public static Conflict ExperimentNameTaken(string name) => new("tracking.name_taken", Cut(name));

    public static Validation ExperimentDeleted(ExperimentId id) => new("tracking.experiment_deleted", id.ToString());

    public static Validation RunDeleted(RunId id) => new("tracking.run_deleted", id.ToString());

    public static Validation ParamChanged(string key, string old, string value, string run) => new("tracking.param_changed", Cut(key), Cut(old), Cut(value), run);

    public static Validation RunNames(string argument, string tag) => new("tracking.run_names", Cut(argument), Cut(tag));

    public static Validation Name(string field, string name) => new("tracking.key_characters", field, Cut(name));

    public static Validation Path(string field, string name) => new("tracking.key_path", field, Cut(name));

    public static Validation TooLong(string field, int most) => new("tracking.too_long", field, most.ToString(CultureInfo.InvariantCulture));

    public static Validation TooMany(string what, int most, int got) =>
        new("tracking.too_many", what, most.ToString(CultureInfo.InvariantCulture), got.ToString(CultureInfo.InvariantCulture));

    public static Validation ParamTwice(string key) => new("tracking.param_twice", Cut(key));

    public static Validation Timestamp(string field, long value) => new("tracking.timestamp", field, value.ToString(CultureInfo.InvariantCulture));

    public static Validation ModelJson(string what) => new("tracking.model_json", what);

    public static Validation Location(string written) => new("tracking.location", Cut(written));

    public static Validation Range(string field, string value, string range) => new("tracking.range", Cut(value), field, range);

    public static Validation PageToken() => new("tracking.page_token");

    /// <returns>Null for a text that could be an experiment's id.</returns>
    public static Validation? NoExperimentId(string id) => ExperimentIdShape().IsMatch(id) ? null : new Validation("tracking.experiment_id", Cut(id));

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";

    /// <summary>Ours, or a number as MLflow's own server gives them.</summary>
    [GeneratedRegex(@"\A([0-9]{1,20}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ExperimentIdShape();
}
