using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Exporting;

/// <summary>A file of a run or model in the export.</summary>
/// <param name="Path">As the server spells it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="File">Below the export's folder.</param>
internal sealed record ExportedFile(string Path, long Size, string Sha256, string File);

/// <summary>One line of runs.jsonl or logged_models.jsonl: written when everything it speaks of is on disk.</summary>
/// <param name="State">Of the thing at its source, to see whether it has changed since.</param>
internal sealed record Entry(string Id, string State, JsonElement Content, IReadOnlyList<ExportedFile> Files);

/// <summary>A file of JSON lines that only grows. A later line of the same id counts; half a line, left by a kill, is cut off.</summary>
internal sealed class Ledger : IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly FileStream file;
    private readonly Lock writing = new();

    private Ledger(FileStream file) => this.file = file;

    public static Ledger Open(string path)
    {
        var ledger = new Ledger(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        ledger.Load();
        return ledger;
    }

    public Entry? Find(string id) => entries.GetValueOrDefault(id);

    public void Add(Entry entry)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Wire.Json) + "\n");
        lock (writing)
        {
            file.Write(line);
            file.Flush();
        }

        entries[entry.Id] = entry with { Content = default };
    }

    public void Dispose() => file.Dispose();

    private void Load()
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        long whole = 0;
        while (reader.ReadLine() is { } line)
        {
            var bytes = Encoding.UTF8.GetByteCount(line) + 1;
            if (whole + bytes > file.Length) break;
            if (Parse(line) is not { } entry) throw new CliFailure($"{file.Name} is damaged at byte {whole}; delete the export and begin again.");
            entries[entry.Id] = entry with { Content = default };
            whole += bytes;
        }

        file.SetLength(whole);
        file.Position = whole;
    }

    private static Entry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Wire.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
