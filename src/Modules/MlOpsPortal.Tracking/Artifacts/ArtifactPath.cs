using System.Globalization;
using System.Text;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Where an artifact stands below its run or model: names with '/' between, composed (NFC), never a file path. <see cref="Root"/> is the empty
/// one. What a path must be is said here alone; whatever else a name holds (%, #, ?, +, spaces) is a plain character of it.</summary>
public readonly record struct ArtifactPath
{
    public const int MaxLength = 1_000;
    public const int MaxName = 250;

    public static readonly ArtifactPath Root;

    private readonly string? text;

    private ArtifactPath(string text) => this.text = text.Length == 0 ? null : text; // there is one root

    public string Text => text ?? "";

    public bool IsRoot => Text.Length == 0;

    /// <summary>The last name.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    public ArtifactPath Parent => Text.LastIndexOf('/') is var slash and >= 0 ? new(Text[..slash]) : Root;

    /// <summary>The folders it lies in, the outermost first, without the root.</summary>
    public IEnumerable<ArtifactPath> Ancestors
    {
        get
        {
            for (var slash = Text.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = Text.IndexOf('/', slash + 1))
                yield return new ArtifactPath(Text[..slash]);
        }
    }

    /// <summary>A path below this one; null when together they are too long.</summary>
    public ArtifactPath? Join(ArtifactPath below) =>
        below.IsRoot ? this : IsRoot ? below : Fits($"{Text}/{below.Text}") ? new ArtifactPath($"{Text}/{below.Text}") : null;

    /// <summary>Everything after the first names; null when there are fewer.</summary>
    public ArtifactPath? Skip(int names)
    {
        var rest = Text.Split('/');
        return IsRoot || rest.Length < names ? null : new ArtifactPath(string.Join('/', rest[names..]));
    }

    public override string ToString() => Text;

    /// <summary>Reads a path out of an address: percent-decoded exactly once.</summary>
    /// <returns>Null for what is no path (<see cref="Parse"/>), or was not UTF-8.</returns>
    public static ArtifactPath? Decode(ReadOnlySpan<char> raw) => PercentCode.Decode(raw) is { } text ? Parse(text) : null;

    /// <summary>Reads a path that is plain text already (a query's value, a field).</summary>
    /// <returns>Null for whatever could lead elsewhere if somebody took it for a file path, or cannot be told from another in print.</returns>
    public static ArtifactPath? Parse(string text)
    {
        if (text.Length == 0)
            return Root;
        if (text.Length > MaxLength || !IsUnicode(text))
            return null;
        text = text.Normalize(NormalizationForm.FormC);
        if (!Fits(text) || IsDrive(text) || !Array.TrueForAll(text.Split('/'), IsName) || HidesParent(text))
            return null;
        return new ArtifactPath(text);
    }

    private static bool Fits(string text) => text.Length <= MaxLength && Encoding.UTF8.GetByteCount(text) <= 2 * MaxLength; // an index row holds 2,700 bytes

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name[^1] is not ('.' or ' ') && !name.StartsWith("..;", StringComparison.Ordinal) && !name.StartsWith(".;", StringComparison.Ordinal)
        && !IsDevice(name) && name.EnumerateRunes().All(IsShown);

    private static bool IsShown(Rune rune) => rune.Value is not '\\' && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D, // joiners belong to scripts and emoji; the others turn or hide text
        _ => true,
    };

    private static bool IsUnicode(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                at++;
            else if (char.IsSurrogate(text[at]))
                return false;
        }

        return true;
    }

    private static bool IsDrive(string text) => text.Length >= 2 && text[1] == ':' && char.IsAsciiLetter(text[0]) && (text.Length == 2 || text[2] == '/');

    /// <summary>Names that mean a device to a client on Windows.</summary>
    private static bool IsDevice(string name) => name.ToUpperInvariant() switch
    {
        "CON" or "PRN" or "AUX" or "NUL" => true,
        ['C', 'O', 'M', >= '1' and <= '9'] or ['L', 'P', 'T', >= '1' and <= '9'] => true,
        _ => false,
    };

    /// <summary>Would whoever decodes it once more find a way up? Nobody here does; but the path is handed on.</summary>
    private static bool HidesParent(string text)
    {
        for (var decoded = text; decoded.Contains('%', StringComparison.Ordinal);)
        {
            var further = PercentCode.DecodeLeniently(decoded);
            if (further == decoded)
                return false;
            decoded = further;
            if (Array.Exists(decoded.Split('/', '\\'), part => part is ".." || part.StartsWith("..;", StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
