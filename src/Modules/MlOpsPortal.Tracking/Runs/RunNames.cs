using System.Globalization;
using System.Security.Cryptography;

namespace MlOpsPortal.Tracking.Runs;

/// <summary>Names for runs whose client gave none: easy to tell apart and to say aloud.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clear", "clever", "crisp", "eager", "early", "fair", "fine", "fleet", "fresh", "gentle", "glad", "golden", "grand",
        "green", "happy", "hardy", "keen", "kind", "late", "light", "lively", "lucky", "mellow", "merry", "mild", "neat", "noble", "patient", "plain", "proud", "quick", "quiet", "rapid",
        "ready", "silver", "smart", "solid", "spry", "steady", "still", "sunny", "swift", "warm", "wise", "young",
    ];

    private static readonly string[] Animals =
    [
        "badger", "beaver", "bison", "crane", "deer", "dove", "eagle", "falcon", "finch", "fox", "gull", "hare", "hawk", "heron", "horse", "ibis", "jay", "koala", "lark", "lynx", "marten",
        "mole", "moose", "newt", "otter", "owl", "panda", "perch", "pike", "puffin", "quail", "raven", "robin", "salmon", "seal", "shrew", "snipe", "stork", "swan", "swift", "tern",
        "trout", "viper", "vole", "whale", "wolf", "wren", "zebra",
    ];

    public static string Next() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)]}-{Animals[RandomNumberGenerator.GetInt32(Animals.Length)]}-{RandomNumberGenerator.GetInt32(1000)}");
}
