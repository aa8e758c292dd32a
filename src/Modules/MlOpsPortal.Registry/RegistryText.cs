using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Registry;

/// <summary>What names and values may be: MLflow's rules, and no character that hides or turns text.</summary>
internal static partial class RegistryText
{
    public const int MaxName = 256;
    public const int MaxKey = 250;
    public const int MaxTag = 100_000;
    public const int MaxTags = 1_000;
    public const int MaxDescription = 65_536;
    public const int MaxAlias = 255;
    public const int MaxSource = 2_000;
    public const int MaxComment = 2_000;

    /// <summary>One spelling for what looks the same.</summary>
    public static string Name(string name) => name.IsNormalized() ? name : name.Normalize();

    public static Refusal? CheckName(string field, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return RegistryErrors.Required(field);
        if (name.AsSpan().IndexOfAny('/', ':') >= 0)
            return RegistryErrors.ModelName(name);
        if (name is "." or "..")
            return RegistryErrors.Path(field, name, name);
        if (!name.EnumerateRunes().All(IsSeen))
            return RegistryErrors.Unseen(field);
        return name.Length > MaxName ? RegistryErrors.TooLong(field, MaxName) : null;
    }

    public static Refusal? CheckTag(string key, string value) => CheckKey(key) ?? (value.Length > MaxTag ? RegistryErrors.TooLong("value", MaxTag) : null);

    public static Refusal? CheckTags(IReadOnlyCollection<KeyValuePair<string, string>> tags) =>
        tags.Count > MaxTags ? RegistryErrors.TooManyTags(MaxTags) : tags.Select(tag => CheckTag(tag.Key, tag.Value)).FirstOrDefault(wrong => wrong is not null);

    public static Refusal? CheckKey(string key)
    {
        if (!KeyCharacters().IsMatch(key))
            return RegistryErrors.Characters("key", key);
        if (Resolved(key) is var resolved && (resolved != key || resolved is "." or ".." || resolved.StartsWith("../", StringComparison.Ordinal) || key.StartsWith('/')))
            return RegistryErrors.Path("key", key, resolved);
        return key.Length > MaxKey ? RegistryErrors.TooLong("key", MaxKey) : null;
    }

    public static Refusal? CheckDescription(string? description) => description?.Length > MaxDescription ? RegistryErrors.TooLong("description", MaxDescription) : null;

    public static Refusal? CheckAlias(string alias) =>
        alias.Length == 0 || !AliasCharacters().IsMatch(alias) ? RegistryErrors.AliasName(alias)
        : alias.Length > MaxAlias ? RegistryErrors.TooLong("Registered model alias name", MaxAlias)
        : null;

    /// <summary>Names that mean a version already.</summary>
    public static Refusal? CheckReserved(string alias) =>
        alias.Equals("latest", StringComparison.OrdinalIgnoreCase) ? RegistryErrors.AliasLatest() : VersionAlias().IsMatch(alias) ? RegistryErrors.AliasVersion(alias) : null;

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D, // joiners belong to scripts and emoji
        _ => rune.Value != 0xFFFD,
    };

    /// <summary>What a file system would make of a name.</summary>
    private static string Resolved(string name)
    {
        var kept = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part == ".." && kept.Count > 0 && kept[^1] != "..")
                kept.RemoveAt(kept.Count - 1);
            else if (part.Length > 0 && part != ".")
                kept.Add(part);
        }

        return kept.Count == 0 ? "." : (name.StartsWith('/') ? "/" : "") + string.Join('/', kept);
    }

    [GeneratedRegex(@"\A[/\w.\- :]*\z", RegexOptions.None, 1000)]
    private static partial Regex KeyCharacters();

    [GeneratedRegex(@"\A[\w\-]*\z", RegexOptions.None, 1000)]
    private static partial Regex AliasCharacters();

    [GeneratedRegex(@"\A[vV][0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex VersionAlias();
}
