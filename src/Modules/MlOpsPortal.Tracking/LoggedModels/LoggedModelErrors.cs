using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>Why logged models refuse; the sentences are in Refusals.resx.</summary>
internal static class LoggedModelErrors
{
    public static NotFound NotThere(string id) => new("tracking.logged_model_not_found", Cut(id));

    public static NotFound NoTag(string key, string id) => new("tracking.logged_model_tag_not_found", Cut(key), Cut(id));

    public static Validation Name(string name) => new("tracking.logged_model_name", name.Contains('\'', StringComparison.Ordinal) && !name.Contains('"', StringComparison.Ordinal) ? $"\"{Cut(name)}\"" : $"'{Cut(name)}'"); // as Python quotes it

    public static Validation TooLong(string field, int most) => new("tracking.logged_model_too_long", field, most.ToString(CultureInfo.InvariantCulture));

    public static Validation ParamChanged(string key, string before, string now) => new("tracking.logged_model_param_changed", Cut(key), Cut(before), Cut(now));

    public static Validation DatasetName() => new("tracking.logged_model_dataset_name");

    public static Validation Filter(string sentence) => new("tracking.logged_model_filter", sentence);

    public static Validation MaxResults(long asked, int most) => new("tracking.logged_model_max_results", asked.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));

    public static Validation Token() => new("tracking.logged_model_token");

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
