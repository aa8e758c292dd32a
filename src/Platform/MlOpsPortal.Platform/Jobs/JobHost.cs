using System.Diagnostics;
using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A child's work: plain input to plain result, no database, no blob store, no services.</summary>
public interface IJobVerb
{
    Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress);
}

/// <summary>What a child is told.</summary>
/// <param name="Folder">The scratch folder, with <c>in/</c>, <c>out/</c> and <c>spill/</c>.</param>
/// <param name="Spec">What the verb needs to know.</param>
public sealed record ChildRequest(string Folder, JsonElement Spec, ChildLimits Limits)
{
    public TSpec Read<TSpec>() => Spec.Deserialize<TSpec>(PortalJson.Options) ?? throw new JsonException("The child's spec is empty.");

    public string Input(string name) => Path.Combine(Folder, "in", name);

    public string Output(string name) => Path.Combine(Folder, "out", name);

    public string Spill => Path.Combine(Folder, "spill");
}

/// <summary>What a child answers.</summary>
internal sealed record ChildAnswer(JsonElement? Value, Refusal? Refusal);

/// <summary>The child's side: <c>job &lt;verb&gt; &lt;folder&gt;</c>. Builds no host, opens no port, reads no configuration.</summary>
public static class JobHost
{
    internal const string RequestFile = "request.json";
    internal const string AnswerFile = "answer.json";
    internal const int OutOfMemory = 3;
    private const int Misused = 2;

    /// <summary>Was the program started as a child?</summary>
    public static bool IsChild(string[] args) => args is ["job", ..];

    /// <param name="args">As the program got them.</param>
    /// <param name="verbs">What this program can do.</param>
    /// <param name="confine">Sets the limits on this process; called before the verb loads anything.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, IReadOnlyDictionary<string, IJobVerb> verbs, Action<ChildLimits> confine)
    {
        if (args is not ["job", var word, var folder] || !verbs.TryGetValue(word, out var verb))
        {
            await Console.Error.WriteLineAsync($"Known jobs: {string.Join(", ", verbs.Keys)}. They are started by the portal.");
            return Misused;
        }

        DieWithTheParent();
        GoFirstWhenMemoryEnds();
        try
        {
            var request = JsonSerializer.Deserialize<ChildRequest>(await File.ReadAllBytesAsync(Path.Combine(folder, RequestFile)), PortalJson.Options)
                ?? throw new JsonException("The request is empty.");
            confine(request.Limits);
            var result = verb.Run(request, new Lines());
            await AnswerAsync(folder, new ChildAnswer(result.IsOk ? result.Value : null, result.Refusal));
            return 0;
        }
        catch (OutOfMemoryException)
        {
            return OutOfMemory;
        }
    }

    private static async Task AnswerAsync(string folder, ChildAnswer answer)
    {
        var file = Path.Combine(folder, AnswerFile);
        await File.WriteAllBytesAsync(file + ".part", JsonSerializer.SerializeToUtf8Bytes(answer, PortalJson.Options));
        File.Move(file + ".part", file);
    }

    /// <summary>The parent holds the other end of stdin; the kernel closes it however the parent ends.</summary>
    private static void DieWithTheParent() =>
        new Thread(() =>
        {
            using var stdin = Console.OpenStandardInput();
            while (stdin.ReadByte() >= 0)
            {
                // Nothing is ever sent.
            }

            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true, Name = "parent watch" }.Start();

    private static void GoFirstWhenMemoryEnds()
    {
        if (File.Exists("/proc/self/oom_score_adj"))
            File.WriteAllText("/proc/self/oom_score_adj", "800");
    }

    /// <summary>Progress as JSON lines on stdout.</summary>
    private sealed class Lines : IProgress<JobProgress>
    {
        public void Report(JobProgress value)
        {
            lock (this)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(value, PortalJson.Options));
                Console.Out.Flush();
            }
        }
    }
}
