using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Benchmarks;

/// <summary>The least that answers a score over HTTP: Kestrel, values taken from the JSON in their order without a look at their names, ONNX Runtime, one
/// number as JSON. No token, no validation, no log.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly OnnxRowPool rows;
    private readonly int[] inputs;
    private readonly OnnxElementType[] types;
    private readonly bool isMap;

    private BareServer(WebApplication app, OnnxSession session, IReadOnlyList<ServedFeature> features)
    {
        this.app = app;
        inputs = [.. features.Select(feature => session.Inputs.TakeWhile(input => input.Name != feature.Input).Count())];
        types = [.. inputs.Select(input => session.Inputs[input].ElementType)];
        isMap = session.Outputs[1].Kind == OnnxValueKind.SequenceOfMaps;
        rows = session.CreateRowPool([session.Outputs[1].Name]);
    }

    public string Url => app.Urls.Single();

    public static async Task<BareServer> StartAsync(OnnxSession session, IReadOnlyList<ServedFeature> features)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var server = new BareServer(built, session, features);
        built.MapPost("/score", server.AnswerAsync);
        await built.StartAsync();
        return server;
    }

    /// <summary>Microseconds of one row in a loop, JSON included, HTTP not.</summary>
    public double LoopMicroseconds(List<string> json)
    {
        var bodies = json.Select(Encoding.UTF8.GetBytes).ToArray();
        Loop(bodies);
        var clock = Stopwatch.StartNew();
        Loop(bodies);
        return clock.Elapsed.TotalMicroseconds / bodies.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rows.Dispose();
    }

    private void Loop(byte[][] bodies)
    {
        foreach (var body in bodies)
            Score(new ReadOnlySequence<byte>(body));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        var answer = Score(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        http.Response.ContentType = "application/json";
        var reply = new byte[48];
        var length = Encoding.UTF8.GetBytes($"{{\"probability\":{answer:R}}}", reply);
        http.Response.ContentLength = length;
        await http.Response.BodyWriter.WriteAsync(reply.AsMemory(0, length));
    }

    private double Score(ReadOnlySequence<byte> body)
    {
        using var row = rows.Rent();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        for (var feature = 0; feature < inputs.Length; feature++)
        {
            reader.Read();
            reader.Read();
            if (types[feature] == OnnxElementType.String)
                row.Set(inputs[feature], reader.GetString()!);
            else if (types[feature] == OnnxElementType.Int64)
                row.Set(inputs[feature], reader.GetInt64());
            else
                row.Set(inputs[feature], reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle());
        }

        row.Run();
        return isMap ? row.Read(0).Floats[1] : row.Floats(0)[1];
    }
}
