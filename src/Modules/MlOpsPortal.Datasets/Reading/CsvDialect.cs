using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlOpsPortal.Platform.Csv;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>Finds delimiter, header and names in the first records of a CSV text.</summary>
internal sealed record CsvDialect(char Delimiter, bool Header, ImmutableArray<string> Names, ImmutableArray<FileNote> Notes)
{
    private const int LookAt = 4 << 20;
    private const int Records = 50;
    private const int MaxName = 500;
    private static readonly ImmutableArray<char> Candidates = [',', ';', '\t', '|'];

    /// <returns>Null for a text without any record.</returns>
    public static CsvDialect? Find(string path, ReadOptions options)
    {
        var head = Head(path);
        var delimiter = options.Delimiter is { Length: > 0 } given ? given[0] : Best(head);
        var records = Split(head, delimiter);
        if (records.Count == 0)
            return null;
        var header = options.Header ?? LooksLikeNames(records);
        var notes = ImmutableArray.CreateBuilder<FileNote>();
        var names = header ? Names_(records[0], notes) : [.. Enumerable.Range(1, records[0].Length).Select(Numbered)];
        return new CsvDialect(delimiter, header, names, notes.ToImmutable());
    }

    /// <summary>Names as they can stand in a table: trimmed, not empty, no control characters, different even without regard to case.</summary>
    public static ImmutableArray<string> Names_(IReadOnlyList<string> given, ImmutableArray<FileNote>.Builder notes)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = ImmutableArray.CreateBuilder<string>(given.Count);
        for (var at = 0; at < given.Count; at++)
        {
            var plain = new string([.. given[at].Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
            if (plain.Length == 0)
                plain = Numbered(at + 1);
            if (plain.Length > MaxName)
                plain = plain[..MaxName];
            var name = plain;
            for (var more = 2; !taken.Add(name); more++)
                name = string.Create(CultureInfo.InvariantCulture, $"{plain}_{more}");
            if (name != given[at].Trim())
                notes.Add(new FileNote("datasets.note_renamed", [(at + 1).ToString(CultureInfo.InvariantCulture), name]));
            names.Add(name);
        }

        return names.ToImmutable();
    }

    private static string Numbered(int column) => string.Create(CultureInfo.InvariantCulture, $"column{column}");

    private static string Head(string path)
    {
        var buffer = new byte[LookAt];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(buffer, LookAt, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    /// <summary>The delimiter that cuts most records into the same number of pieces, and into the most.</summary>
    private static char Best(string head) =>
        Candidates
            .Select(candidate => (Candidate: candidate, Counts: Split(head, candidate).ConvertAll(record => record.Length)))
            .Where(found => found.Counts is [> 1, ..])
            .OrderByDescending(found => (double)found.Counts.Count(count => count == found.Counts[0]) / found.Counts.Count >= 0.5)
            .ThenByDescending(found => found.Counts[0])
            .Select(found => found.Candidate)
            .FirstOrDefault(',');

    /// <summary>Names are texts that differ, above a row that is not all texts or also differs; a number is no name.</summary>
    private static bool LooksLikeNames(List<ImmutableArray<string>> records) =>
        records[0].All(cell => TypeGuess.Of([cell.Trim()]) == Profiling.ColumnType.Text)
        && records[0].Where(cell => cell.Trim().Length > 0).GroupBy(cell => cell, StringComparer.Ordinal).All(same => same.Count() == 1 || records[0].Length > same.Count());

    /// <summary>Complete records only, unless the text is one incomplete record or short enough to be the whole file.</summary>
    private static List<ImmutableArray<string>> Split(string text, char delimiter) =>
        [.. CsvRecords.Of(text, delimiter).Where((record, at) => record.IsEnded || at == 0 || text.Length < LookAt / 4).Take(Records).Select(record => record.Cells)];
}
