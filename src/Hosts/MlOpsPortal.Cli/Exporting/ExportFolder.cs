using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Exporting;

/// <summary>What says that a folder is an export, and of what.</summary>
/// <param name="Complete">False until everything was written once.</param>
internal sealed record Manifest(string Format, int Version, string Source, string Project, bool Complete)
{
    public const string Name = "mlopsportal-mlflow-export";
    public const int Current = 1;
}

/// <summary>The folder of an export. Every path in it is made here, from ids that were checked and names that cannot lead out.</summary>
internal sealed partial class ExportFolder
{
    private const string ManifestFile = "manifest.json";
    private const int LongestName = 100;
    private const int LongestPath = 600;

    private ExportFolder(string root, Manifest manifest) => (Root, Manifest) = (root, manifest);

    public string Root { get; }

    public Manifest Manifest { get; private set; }

    /// <summary>A new folder, an empty one, or an export of the same that is continued.</summary>
    public static ExportFolder Open(string path, string source, string project)
    {
        var root = Path.GetFullPath(path);
        var wanted = new Manifest(Manifest.Name, Manifest.Current, source, project, Complete: false);
        Directory.CreateDirectory(root);
        var file = Path.Combine(root, ManifestFile);
        if (!File.Exists(file))
        {
            if (Directory.EnumerateFileSystemEntries(root).Any()) throw new CliFailure($"{root} is not empty and is no export; name a new folder.");
            Replace(file, JsonSerializer.Serialize(wanted, Wire.Json));
            return new ExportFolder(root, wanted);
        }

        var found = Read(file);
        if (found is not { Format: Manifest.Name, Version: Manifest.Current }) throw new CliFailure($"{file} is not the manifest of an export that this tool can continue; name a new folder.");
        if (found.Source != source || found.Project != project) throw new CliFailure($"{root} holds an export of {found.Project} at {found.Source}; name another folder.");
        return new ExportFolder(root, found);
    }

    public void MarkComplete()
    {
        Manifest = Manifest with { Complete = true };
        Replace(Path.Combine(Root, ManifestFile), JsonSerializer.Serialize(Manifest, Wire.Json));
    }

    /// <summary>Lines that are known all at once: a small file, replaced as a whole.</summary>
    public void WriteLines<T>(string name, IEnumerable<T> lines) =>
        Replace(Path.Combine(Root, name), string.Concat(lines.Select(line => JsonSerializer.Serialize(line, Wire.Json) + "\n")));

    public static string MetricsFile(string runId) => $"metrics/{Checked(runId)}.jsonl";

    /// <summary>Where a file of a run or model goes, relative and with slashes. Readable where its name is harmless, else under the hash of its path.</summary>
    /// <param name="owners">"runs" or "models".</param>
    public static string FileFor(string owners, string id, string path)
    {
        var isPlain = path.Length <= LongestPath && path.Split('/').All(part => part.Length <= LongestName && PlainName().IsMatch(part));
        return $"files/{owners}/{Checked(id)}/{(isPlain ? path : "~/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))))}";
    }

    public string Absolute(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Writes beside, then takes the place in one step: a kill leaves the old or the new.</summary>
    public static void Replace(string file, string text)
    {
        File.WriteAllText(file + ".part", text);
        File.Move(file + ".part", file, overwrite: true);
    }

    private static Manifest? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(File.ReadAllText(file), Wire.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Checked(string id) => Id().IsMatch(id) ? id : throw new CliFailure($"The server names something '{id}', which is no id that a file may be called by.");

    [GeneratedRegex(@"\A[A-Za-z0-9][\w\-]{0,255}\z", RegexOptions.ECMAScript, 1000)]
    private static partial Regex Id();

    /// <summary>No dot in front, no separator of any system, nothing that a shell or a file system reads in its own way.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_](?:[A-Za-z0-9._ +=@,()-]*[A-Za-z0-9_)])?\z", RegexOptions.ECMAScript, 1000)]
    private static partial Regex PlainName();
}
