using System.Globalization;
using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>An image that a run logged under a name at a step.</summary>
/// <param name="Whole">Where the browser finds it as it was logged.</param>
/// <param name="Small">Likewise, made smaller by the client; the same where there is none.</param>
public sealed record LoggedImage(string Run, string Key, long Step, string Whole, string Small)
{
    /// <summary>MLflow's client sets it on a run with such images.</summary>
    public const string Tag = "mlflow.loggedImages";
    public const string Folder = "images";
    private const string Compressed = "compressed";

    /// <summary>The images among a run's files. MLflow's client says the name, the step and the time in the file's name: <c>images/{key}+step+{step}+timestamp+{ms}+{id}[+compressed].png</c>,
    /// with ~ for / in the key; older ones with % for + and # for /.</summary>
    public static IReadOnlyList<LoggedImage> Of(string run, IEnumerable<string> paths) =>
    [
        .. paths.Select(path => (Path: path, Name: Parse(path))).Where(file => file.Name is not null).GroupBy(file => file.Name! with { Small = false }).Select(files => // those without are left out
        {
            var whole = files.FirstOrDefault(file => !file.Name!.Small).Path ?? files.First().Path; // likewise
            return new LoggedImage(run, files.Key.Key, files.Key.Step, View(run, whole), View(run, files.FirstOrDefault(file => file.Name!.Small).Path ?? whole)); // likewise
        }).OrderBy(image => image.Key, StringComparer.Ordinal).ThenBy(image => image.Step),
    ];

    private static string View(string run, string path) => ArtifactViews.View(ArtifactViews.Address(run, path) ?? throw new InvalidOperationException($"{path} is a file's path."));

    private static FileName? Parse(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var (mark, slash) = name.Contains("+step+", StringComparison.Ordinal) ? ('+', '~') : ('%', '#');
        var cut = name.LastIndexOf($"{mark}step{mark}", StringComparison.Ordinal);
        if (cut <= 0 || name.LastIndexOf('.') is var dot && dot < cut)
            return null;
        var parts = name[(cut + 6)..dot].Split(mark);
        return parts is [var step, "timestamp", var time, var id, .. var rest] && rest.Length <= 1 && long.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at)
            ? new FileName(name[..cut].Replace(slash, '/'), at, time, id, rest is [Compressed])
            : null;
    }

    private sealed record FileName(string Key, long Step, string Time, string Id, bool Small);
}
