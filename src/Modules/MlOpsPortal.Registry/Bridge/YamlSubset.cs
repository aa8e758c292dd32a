using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>A piece of YAML: a text, a list or a map.</summary>
public abstract record YamlNode
{
    public sealed record Text(string Value) : YamlNode;

    public sealed record List(ImmutableArray<YamlNode> Items) : YamlNode;

    public sealed record Map(ImmutableArray<KeyValuePair<string, YamlNode>> Entries) : YamlNode;

    /// <returns>Null when it is no map, or has no such key.</returns>
    public YamlNode? Get(string key) => this is Map map ? map.Entries.FirstOrDefault(entry => entry.Key == key).Value : null;

    /// <returns>Null when it is no text, or says null.</returns>
    public string? Scalar => this is Text { Value: not ("null" or "~" or "") } text ? text.Value : null;
}

/// <summary>Reads the YAML that MLflow writes: block maps and lists, flow collections, plain and quoted texts, block texts. Every scalar is a text: nothing is made of it.
/// Anchors, aliases, tags, several documents and whatever else YAML has are not read but refused; depth and size are bounded.</summary>
public static class YamlSubset
{
    public const int MaxLength = 1_048_576;
    private const int MaxDepth = 30;

    /// <returns>Null for what is not that YAML.</returns>
    public static YamlNode? Read(string text)
    {
        if (text.Length > MaxLength)
            return null;
        try
        {
            var lines = Lines(text);
            if (lines.Count == 0)
                return new YamlNode.Map([]);
            var at = 0;
            var node = Block(lines, ref at, lines[0].Indent, 0);
            return at == lines.Count ? node : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private readonly record struct Line(int Indent, string Content);

    private static List<Line> Lines(string text)
    {
        var raw = text.ReplaceLineEndings("\n").Split('\n');
        var lines = new List<Line>();
        for (var index = 0; index < raw.Length; index++)
        {
            var content = raw[index].TrimEnd();
            var body = content.TrimStart(' ');
            if (body.Length == 0 || body[0] == '#' || (index == 0 && content == "---"))
                continue;
            if (body[0] == '\t' || content is "---" or "..." || body[0] == '%')
                throw new FormatException("Not the YAML that is read here.");
            lines.Add(new Line(content.Length - body.Length, body));
        }

        return lines;
    }

    private static YamlNode Block(List<Line> lines, ref int at, int indent, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException("Too deep.");
        return IsItem(lines[at].Content) ? Items(lines, ref at, indent, depth) : IsEntry(lines[at].Content) ? Entries(lines, ref at, indent, depth) : Folded(lines, ref at, indent);
    }

    private static YamlNode.List Items(List<Line> lines, ref int at, int indent, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (at < lines.Count && lines[at].Indent == indent && IsItem(lines[at].Content))
        {
            var line = lines[at];
            var rest = line.Content.Length == 1 ? "" : line.Content[2..].TrimStart();
            if (rest.Length == 0)
            {
                at++;
                items.Add(at < lines.Count && lines[at].Indent > indent ? Block(lines, ref at, lines[at].Indent, depth + 1) : new YamlNode.Text(""));
            }
            else
            {
                // What stands behind the dash begins a block of its own.
                lines[at] = new Line(indent + line.Content.Length - rest.Length, rest);
                items.Add(Block(lines, ref at, lines[at].Indent, depth + 1));
            }
        }

        return new YamlNode.List(items.ToImmutable());
    }

    private static YamlNode.Map Entries(List<Line> lines, ref int at, int indent, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, YamlNode>>();
        while (at < lines.Count && lines[at].Indent == indent && !IsItem(lines[at].Content))
        {
            var (key, rest) = Split(lines[at].Content);
            at++;
            YamlNode value;
            if (rest.Length == 0)
            {
                // A list may stand as far left as its key.
                var isNested = at < lines.Count && (lines[at].Indent > indent || (lines[at].Indent == indent && IsItem(lines[at].Content)));
                value = isNested ? Block(lines, ref at, lines[at].Indent, depth + 1) : new YamlNode.Text("");
            }
            else if (rest[0] is '|' or '>')
            {
                value = BlockText(lines, ref at, indent, rest);
            }
            else
            {
                var text = new StringBuilder(rest);
                while (at < lines.Count && lines[at].Indent > indent)
                    text.Append(' ').Append(lines[at++].Content);
                value = Value(text.ToString(), depth + 1);
            }

            entries.Add(KeyValuePair.Create(key, value));
        }

        return new YamlNode.Map(entries.ToImmutable());
    }

    /// <summary>A scalar that stands alone, perhaps over several lines.</summary>
    private static YamlNode Folded(List<Line> lines, ref int at, int indent)
    {
        var text = new StringBuilder(lines[at++].Content);
        while (at < lines.Count && lines[at].Indent >= indent && !IsItem(lines[at].Content) && !IsEntry(lines[at].Content))
            text.Append(' ').Append(lines[at++].Content);
        return Value(text.ToString(), 0);
    }

    private static YamlNode.Text BlockText(List<Line> lines, ref int at, int indent, string header)
    {
        if (header.TrimEnd('-', '+', '1', '2', '4') is not ("|" or ">"))
            throw new FormatException("An unknown kind of text.");
        var parts = new List<string>();
        var left = at < lines.Count ? lines[at].Indent : 0;
        while (at < lines.Count && lines[at].Indent > indent)
        {
            parts.Add(new string(' ', Math.Max(0, lines[at].Indent - left)) + lines[at].Content);
            at++;
        }

        return new YamlNode.Text(string.Join(header[0] == '|' ? "\n" : " ", parts));
    }

    private static YamlNode Value(string text, int depth)
    {
        var at = 0;
        var node = Flow(text, ref at, depth, inside: false);
        Skip(text, ref at);
        return at == text.Length || text[at] == '#' ? node : throw new FormatException("Something stands behind a value.");
    }

    private static YamlNode Flow(string text, ref int at, int depth, bool inside)
    {
        if (depth > MaxDepth)
            throw new FormatException("Too deep.");
        Skip(text, ref at);
        if (at >= text.Length)
            return new YamlNode.Text("");
        switch (text[at])
        {
            case '{':
                return FlowMap(text, ref at, depth);
            case '[':
                return FlowList(text, ref at, depth);
            case '\'' or '"':
                return new YamlNode.Text(Quoted(text, ref at));
            case '&' or '*' or '!' or '%' or '@' or '`':
                throw new FormatException("Anchors, aliases and tags are not read.");
            default:
                var start = at;
                while (at < text.Length && !(inside && text[at] is ',' or ']' or '}') && !(text[at] == '#' && at > start && text[at - 1] == ' ') && !(inside && text[at] == ':' && (at + 1 == text.Length || text[at + 1] == ' ')))
                    at++;
                return new YamlNode.Text(text[start..at].TrimEnd());
        }
    }

    private static YamlNode.Map FlowMap(string text, ref int at, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, YamlNode>>();
        at++;
        for (; ; )
        {
            Skip(text, ref at);
            if (Take(text, ref at, '}'))
                return new YamlNode.Map(entries.ToImmutable());
            if (Flow(text, ref at, depth + 1, inside: true) is not YamlNode.Text key)
                throw new FormatException("A key is a text.");
            Skip(text, ref at);
            var value = Take(text, ref at, ':') ? Flow(text, ref at, depth + 1, inside: true) : new YamlNode.Text("");
            entries.Add(KeyValuePair.Create(key.Value, value));
            Separate(text, ref at, '}');
        }
    }

    private static YamlNode.List FlowList(string text, ref int at, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        at++;
        for (; ; )
        {
            Skip(text, ref at);
            if (Take(text, ref at, ']'))
                return new YamlNode.List(items.ToImmutable());
            items.Add(Flow(text, ref at, depth + 1, inside: true));
            Separate(text, ref at, ']');
        }
    }

    private static void Separate(string text, ref int at, char close)
    {
        Skip(text, ref at);
        if (at >= text.Length || (text[at] != close && !Take(text, ref at, ',')))
            throw new FormatException("A collection is not closed.");
    }

    private static bool Take(string text, ref int at, char one)
    {
        if (at >= text.Length || text[at] != one)
            return false;
        at++;
        return true;
    }

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
    }

    private static string Quoted(string text, ref int at)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                if (quote == '\'' && at + 1 < text.Length && text[at + 1] == '\'')
                    at++;
                else
                {
                    at++;
                    return value.ToString();
                }
            }

            if (quote == '"' && text[at] == '\\')
                Escaped(text, ref at, value);
            else
                value.Append(text[at]);
        }

        throw new FormatException("A quote is not closed.");
    }

    private static void Escaped(string text, ref int at, StringBuilder value)
    {
        if (++at >= text.Length)
            throw new FormatException("Nothing is escaped.");
        var length = text[at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (length > 0)
        {
            if (at + length >= text.Length || !int.TryParse(text.AsSpan(at + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
                throw new FormatException("No character has that code.");
            value.Append(new Rune(code).ToString());
            at += length;
            return;
        }

        value.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', var same => same });
    }

    private static bool IsItem(string content) => content == "-" || content.StartsWith("- ", StringComparison.Ordinal);

    private static bool IsEntry(string content) => KeyEnd(content) >= 0;

    private static (string Key, string Value) Split(string content)
    {
        var end = KeyEnd(content);
        if (end < 0)
            throw new FormatException("A key is missing.");
        var written = content[..end].Trim();
        var at = 0;
        var key = written.Length > 0 && written[0] is '\'' or '"' ? Quoted(written, ref at) : written;
        if (key.Length > 0 && written[0] is '&' or '*' or '!' or '?')
            throw new FormatException("Anchors, aliases and tags are not read.");
        return (key, content[(end + 1)..].Trim());
    }

    /// <summary>The colon that ends a key: outside of quotes, before a space or the line's end.</summary>
    private static int KeyEnd(string content)
    {
        if (content.Length > 0 && content[0] is '{' or '[')
            return -1;
        var quote = '\0';
        for (var at = 0; at < content.Length; at++)
        {
            if (quote != '\0')
                quote = content[at] == quote ? '\0' : quote;
            else if (at == 0 && content[at] is '\'' or '"')
                quote = content[at];
            else if (content[at] == ':' && (at + 1 == content.Length || content[at + 1] == ' '))
                return at;
        }

        return -1;
    }
}
