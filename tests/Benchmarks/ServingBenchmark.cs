using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Benchmarks;

/// <summary>What the portal adds to a score: a bare loop over ONNX Runtime, a bare Kestrel around it, and a running portal (token, membership, contract,
/// prediction on disk before the reply), with the same model and the same rotating rows. wrk asks; rounds alternate between the two servers.</summary>
internal static class ServingBenchmark
{
    private const int Rounds = 5;
    private const int FewestRows = 8192;

    public static async Task RunAsync(string[] args)
    {
        if (args is not [var demoFile, ..])
            throw new InvalidOperationException("Start a portal in Release (dotnet run -c Release --project src/Hosts/MlOpsPortal.AppHost) and name its demo.json: serving .data/demo.json [seconds]");
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        var portal = await ServedModel.FindAsync(demoFile);
        var rows = portal.Rows();
        if (rows.Count < FewestRows)
            throw new InvalidOperationException($"{rows.Count} rows are too few: a repeated row makes trees look faster than they are.");
        using var session = OnnxSession.Load(portal.Bytes);
        await using var bare = await BareServer.StartAsync(session, portal.Features);
        var bareWrk = new Wrk($"{bare.Url}/score", null, rows);
        var fullWrk = new Wrk($"{portal.Url}/api/v1/endpoints/{portal.Name}/score", portal.Token, [.. rows.Select(row => $"{{\"rows\":[{row}]}}")]);

        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {Path.GetFileName(portal.File)} with {portal.Features.Count} features, {rows.Count:N0} rows in turn, median of {Rounds} rounds of {seconds} s");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare loop over ONNX Runtime: {bare.LoopMicroseconds(rows):F1} us a row"));
        Console.WriteLine();
        Console.WriteLine("| connections | bare Kestrel p50, us | portal p50, us | added, us | bare p99, us | portal p99, us | bare, requests/s | portal, requests/s | ratio | failed |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var connections in (int[])[1, 8])
        {
            await bareWrk.RunAsync(connections, 3);
            await fullWrk.RunAsync(connections, 3);
            List<WrkResult> theirs = [], ours = [];
            for (var round = 0; round < Rounds; round++)
            {
                theirs.Add(await bareWrk.RunAsync(connections, seconds));
                ours.Add(await fullWrk.RunAsync(connections, seconds));
            }

            var (b, p) = (WrkResult.Median(theirs), WrkResult.Median(ours));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {connections} | {b.P50:F0} | {p.P50:F0} | {p.P50 - b.P50:F0} | {b.P99:F0} | {p.P99:F0} | {b.Rate:N0} | {p.Rate:N0} | {p.Rate / b.Rate:F2} | {theirs.Sum(result => result.Failed) + ours.Sum(result => result.Failed)} |"));
        }
    }
}

/// <summary>The demo's endpoint, as the portal tells it over its API.</summary>
internal sealed record ServedModel(string Url, string Name, string Token, string File, byte[] Bytes, IReadOnlyList<ServedFeature> Features)
{
    public static async Task<ServedModel> FindAsync(string demoFile)
    {
        var demo = JsonDocument.Parse(await System.IO.File.ReadAllBytesAsync(demoFile)).RootElement;
        var url = demo.GetProperty("url").GetString()!;
        var token = demo.GetProperty("accounts").EnumerateArray().Single(account => account.GetProperty("role").GetString() == "ML Ops engineer").GetProperty("token").GetString()!;
        var name = demo.GetProperty("deployments")[0].GetProperty("name").GetString()!;
        using var http = new HttpClient { BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        var list = await http.GetFromJsonAsync<JsonElement>("/api/v1/endpoints");
        var id = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name).GetProperty("id").GetString();
        var releases = (await http.GetFromJsonAsync<JsonElement>($"/api/v1/endpoints/{id}")).GetProperty("deployment").GetProperty("releases");
        var version = releases.EnumerateArray().Last(release => release.GetProperty("state").GetString() == "live").GetProperty("version");
        var sha = version.GetProperty("file").GetProperty("sha256").GetString();
        var file = Directory.EnumerateFiles(Repository.Samples, "*.onnx", SearchOption.AllDirectories).Single(path => Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path))) == sha);
        var features = version.GetProperty("contract").GetProperty("features").EnumerateArray()
            .Select(feature => new ServedFeature(feature.GetProperty("name").GetString()!, feature.GetProperty("type").GetString()!, feature.GetProperty("input").GetString()!)).ToList();
        return new ServedModel(url, name, token, file, await System.IO.File.ReadAllBytesAsync(file), features);
    }

    /// <summary>Test messages as JSON objects, in the contract's order.</summary>
    public List<string> Rows()
    {
        var lines = System.IO.File.ReadLines(Path.Combine(Repository.Samples, "retail", "messages_2024_test.csv")).Select(line => line.Split(',')).ToList();
        var columns = lines[0].Select((column, index) => (column, index)).ToDictionary(pair => pair.column, pair => pair.index, StringComparer.Ordinal);
        return [.. lines.Skip(1).Select(line => "{" + string.Join(",", Features.Select(feature => $"\"{feature.Name}\":{Json(feature, line[columns[feature.Name]])}")) + "}")];
    }

    private static string Json(ServedFeature feature, string cell) => cell.Length == 0 ? "null" : feature.Type == "text" ? JsonSerializer.Serialize(cell) : cell;
}

/// <param name="Input">The file's input, of one value a row.</param>
internal sealed record ServedFeature(string Name, string Type, string Input);

/// <summary>wrk with a script that sends the bodies in turn.</summary>
internal sealed class Wrk(string url, string? token, IReadOnlyList<string> bodies)
{
    private readonly string script = Script(token, bodies);

    public async Task<WrkResult> RunAsync(int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, url })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var numbers = output.Split('\n').Single(line => line.StartsWith("RESULT ", StringComparison.Ordinal)).Split(' ').Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(numbers[0], numbers[1], numbers[2], (long)numbers[3]);
    }

    private static string Script(string? token, IReadOnlyList<string> bodies)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-benchmark-").FullName;
        File.WriteAllLines(Path.Combine(folder, "bodies"), bodies);
        var authorization = token is null ? "" : $"wrk.headers['Authorization'] = 'Bearer {token}'";
        File.WriteAllText(Path.Combine(folder, "rotate.lua"), $$"""
            local requests, at = {}, 0
            function init(args)
              wrk.method = 'POST'
              wrk.headers['Content-Type'] = 'application/json'
              {{authorization}}
              for line in io.lines('{{folder}}/bodies') do requests[#requests + 1] = wrk.format(nil, nil, nil, line) end
            end
            function request()
              at = at % #requests + 1
              return requests[at]
            end
            function done(summary, latency, all)
              local e = summary.errors
              io.write(string.format('RESULT %f %f %f %d\n', latency:percentile(50), latency:percentile(99), summary.requests / summary.duration * 1e6,
                e.connect + e.read + e.write + e.status + e.timeout))
            end
            """, Encoding.ASCII);
        return Path.Combine(folder, "rotate.lua");
    }
}

/// <param name="P50">Microseconds.</param>
/// <param name="Rate">Requests a second.</param>
internal sealed record WrkResult(double P50, double P99, double Rate, long Failed)
{
    public static WrkResult Median(List<WrkResult> results) => new(Middle(results.Select(result => result.P50)), Middle(results.Select(result => result.P99)), Middle(results.Select(result => result.Rate)), results.Sum(result => result.Failed));

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private const int Rounds = 5;
}
