using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Architecture.Code;

/// <summary>A table in a committed Markdown file below this project: exceptions with their reasons.</summary>
internal static class CommittedList
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Architecture", "MlOpsPortal.Architecture.Tests");

    /// <summary>The rows of the table under a heading, cell by cell, without back ticks.</summary>
    public static IReadOnlyList<string[]> Read(string file, string? heading = null)
    {
        IEnumerable<string> lines = File.ReadAllLines(Path.Combine(Folder, file));
        if (heading is not null)
            lines = lines.SkipWhile(line => line != "## " + heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        return
        [
            .. lines.Where(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
        ];
    }

    /// <summary>Compares what was found with the first two cells of a table.</summary>
    /// <returns>A sentence per finding without a row, per row without a finding, and per row without a reason.</returns>
    public static IReadOnlyList<string> Differences(IEnumerable<(string Where, string What)> found, IReadOnlyList<string[]> rows)
    {
        var listed = rows.Select(row => (Where: row[0], What: row[1])).ToHashSet();
        var there = found.ToHashSet();
        return
        [
            .. there.Where(finding => !listed.Contains(finding)).Select(finding => $"not listed: {finding.Where} | {finding.What}").Order(StringComparer.Ordinal),
            .. listed.Where(row => !there.Contains(row)).Select(row => $"listed, but no longer there: {row.Where} | {row.What}").Order(StringComparer.Ordinal),
            .. rows.Where(row => row.Length < 3 || row[2].Length == 0).Select(row => $"without a reason: {row[0]} | {row[1]}"),
        ];
    }
}
