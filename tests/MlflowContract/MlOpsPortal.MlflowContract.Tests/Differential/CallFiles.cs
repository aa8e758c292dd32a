using System.Globalization;
using System.Text;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>Reads the corpus; the format is in the README.</summary>
internal static class CallFiles
{
    private const string Api = "/api/2.0/mlflow/";

    /// <summary>All calls, file after file in the order of their names.</summary>
    public static IReadOnlyList<Call> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.calls").Order(StringComparer.Ordinal).SelectMany(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))];

    public static IEnumerable<Call> Parse(string file, string text)
    {
        foreach (var block in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(';')).ToList();
            if (lines.Count > 0)
                yield return One(file, lines);
        }
    }

    private static Call One(string file, List<string> lines)
    {
        if (lines.Count < 2 || !lines[0].StartsWith("# ", StringComparison.Ordinal))
            throw new FormatException($"{file}: a call begins with its name and its line, not with \"{lines[0]}\".");
        var (name, request) = (lines[0][2..], lines[1].Split(' ', 2));
        string? body = null, says = null;
        var type = "application/json";
        var (kept, ignored, headers) = (new List<Kept>(), new List<string>(), new List<Header>());
        Expectation? expected = null;
        foreach (var line in lines.Skip(2))
        {
            if (Rest(line, "keep ") is { } keep)
                kept.Add(keep.Split(" = ", 2) is [var variable, var path] ? new Kept(variable, path) : throw new FormatException($"{file}: {name}: {line}"));
            else if (Rest(line, "says ") is { } part)
                says = part;
            else if (Rest(line, "free ") is { } free)
                ignored.Add(free);
            else if (Rest(line, "header ") is { } header)
                headers.Add(header.Split(" = ", 2) is [var title, var start] ? new Header(title, start) : throw new FormatException($"{file}: {name}: {line}"));
            else if (Rest(line, "type ") is { } other)
                type = other;
            else if (Rest(line, "text ") is { } raw)
                body = raw;
            else if (Rest(line, "= ") is { } answer)
                expected = answer.Split(' ', 2) is [var status, .. var code] ? new Expectation(int.Parse(status, CultureInfo.InvariantCulture), code.FirstOrDefault()) : null;
            else
                body = body is null ? line : $"{body}\n{line}";
        }

        return new Call(
            file, name, request[0], request[1].StartsWith('/') ? request[1] : Api + request[1], body, type, kept, says, ignored, headers,
            expected ?? throw new FormatException($"{file}: {name}: a line \"= <status> [<error code>]\" is missing."));
    }

    private static string? Rest(string line, string word) => line.StartsWith(word, StringComparison.Ordinal) ? line[word.Length..] : null;

    /// <summary>Long bodies in short: <c>@metrics(n)</c>, <c>@params(n)</c>, <c>@tags(n)</c> are n items of a list, <c>@x(n)</c> is a text of n characters.</summary>
    public static string Expand(string text)
    {
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '@' && Macro(text, at) is var (word, count, end))
            {
                result.Append(word switch
                {
                    "metrics" => List(count, i => $$"""{"key": "m{{i:0000}}", "value": {{i}}, "timestamp": 1700000000000, "step": {{i}}}"""),
                    "params" => List(count, i => $$"""{"key": "p{{i:0000}}", "value": "{{i}}"}"""),
                    "tags" => List(count, i => $$"""{"key": "t{{i:0000}}", "value": "{{i}}"}"""),
                    _ => new string('x', count),
                });
                at = end;
            }
            else
            {
                result.Append(text[at++]);
            }
        }

        return result.ToString();
    }

    private static (string Word, int Count, int End)? Macro(string text, int at)
    {
        foreach (var word in (string[])["metrics", "params", "tags", "x"])
        {
            if (string.CompareOrdinal(text, at + 1, word + "(", 0, word.Length + 1) != 0)
                continue;
            var (from, close) = (at + word.Length + 2, text.IndexOf(')', at));
            return close > 0 && int.TryParse(text.AsSpan(from, close - from), CultureInfo.InvariantCulture, out var count) ? (word, count, close + 1) : null;
        }

        return null;
    }

    private static string List(int count, Func<int, FormattableString> item) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => item(i).ToString(CultureInfo.InvariantCulture)));
}
