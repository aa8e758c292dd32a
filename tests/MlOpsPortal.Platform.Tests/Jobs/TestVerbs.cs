using System.Runtime.InteropServices;
using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Tests.Jobs;

/// <summary>What the test program does as a child.</summary>
internal static class TestVerbs
{
    public static readonly IReadOnlyDictionary<string, IJobVerb> All = new Dictionary<string, IJobVerb>
    {
        ["double"] = new Verb((request, progress) =>
        {
            progress.Report(new JobProgress("doubling", 0.5));
            return JsonSerializer.SerializeToElement(new Doubled(request.Read<ToDouble>().Number * 2), PortalJson.Options);
        }),
        ["environment"] = new Verb((_, _) => JsonSerializer.SerializeToElement(Environment.GetEnvironmentVariables().Keys.Cast<string>().Order().ToArray(), PortalJson.Options)),
        ["refuse"] = new Verb((_, _) => new Validation("required")),
        ["forever"] = new Verb((request, _) =>
        {
            File.WriteAllText(request.Output("begun"), "");
            while (true)
                Thread.SpinWait(1000);
        }),
        ["crash"] = new Verb((_, _) =>
        {
            Marshal.WriteByte(0, 1);
            return default(JsonElement);
        }),
        ["hoard"] = new Verb((_, _) =>
        {
            for (var held = new List<byte[]>(); ; held.Add(GC.AllocateUninitializedArray<byte>(16 << 20)))
                held.LastOrDefault()?.AsSpan().Fill(1);
        }),
        ["hoard-native"] = new Verb((_, _) =>
        {
            while (true)
            {
                var memory = Marshal.AllocHGlobal(16 << 20);
                for (var at = 0; at < 16 << 20; at += 4096)
                    Marshal.WriteByte(memory, at, 1);
            }
        }),
        ["link"] = new Verb((request, _) =>
        {
            File.CreateSymbolicLink(request.Output("result"), "/etc/hostname");
            return JsonSerializer.SerializeToElement(new Doubled(0), PortalJson.Options);
        }),
        ["nonsense"] = new Verb((_, _) => JsonSerializer.SerializeToElement("no record", PortalJson.Options)),
        ["chatter"] = new Verb((_, _) =>
        {
            Console.Out.Write(new string('x', 1 << 20));
            Console.Out.WriteLine("{\"step\": broken");
            return JsonSerializer.SerializeToElement(new Doubled(1), PortalJson.Options);
        }),
    };

    private sealed class Verb(Func<ChildRequest, IProgress<JobProgress>, Result<JsonElement>> run) : IJobVerb
    {
        public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress) => run(request, progress);
    }
}

internal sealed record ToDouble(int Number);

internal sealed record Doubled(int Number);
