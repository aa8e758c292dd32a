using System.Globalization;

namespace MlOpsPortal.Registry.Versions;

/// <summary>What a version's source names. Decided by its text alone; whether it exists is asked afterwards.</summary>
internal abstract record SourceAddress
{
    /// <summary><c>models:/m-…</c></summary>
    public sealed record LoggedModel(string Id) : SourceAddress;

    /// <summary><c>models:/name/3</c>, <c>models:/name/latest</c>, <c>models:/name@alias</c></summary>
    /// <param name="Number">Null for the newest, or the alias'.</param>
    public sealed record RegisteredVersion(string Name, int? Number, string? Alias) : SourceAddress;

    /// <summary><c>runs:/{run}/path</c></summary>
    public sealed record RunPath(string Run, string Path) : SourceAddress;

    /// <summary><c>mlflow-artifacts:/…</c></summary>
    public sealed record Artifacts(string Uri) : SourceAddress;

    /// <summary>Of this portal, but malformed, or leading out of itself.</summary>
    public sealed record Malformed : SourceAddress;

    /// <summary>Any other store, host or file: never opened.</summary>
    public sealed record Foreign : SourceAddress;

    public static SourceAddress Of(string source)
    {
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : source[..colon];
        if (scheme is not ("models" or "runs" or "mlflow-artifacts"))
            return new Foreign();
        var rest = source[(colon + 1)..];
        if (!rest.StartsWith('/') || rest.StartsWith("//", StringComparison.Ordinal) || !IsPlain(source))
            return new Malformed();
        return scheme switch
        {
            "mlflow-artifacts" => new Artifacts(source),
            "runs" => OfRun(rest[1..]),
            _ => OfModel(rest[1..]),
        };
    }

    /// <summary>Nothing that a careless reader would take for a way up, another part of an address or the end of the text.</summary>
    public static bool IsPlain(string source)
    {
        if (source.AsSpan().IndexOfAny("#?;\\") >= 0 || source.Any(char.IsControl))
            return false;
        for (var decoded = source; ;)
        {
            if (decoded.Split('/', '\\').Any(part => part is ".." or "." || part.StartsWith("..;", StringComparison.Ordinal)) || decoded.Contains('\0', StringComparison.Ordinal))
                return false;
            var further = Uri.UnescapeDataString(decoded);
            if (further == decoded)
                return true;
            decoded = further;
        }
    }

    private static SourceAddress OfRun(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0 || slash == rest.Length - 1 ? new Malformed() : new RunPath(rest[..slash], rest[(slash + 1)..].TrimEnd('/'));
    }

    private static SourceAddress OfModel(string rest)
    {
        var parts = rest.Split('/');
        if (parts is [{ Length: > 0 } name, { Length: > 0 } version])
            return version.Equals("latest", StringComparison.OrdinalIgnoreCase) ? new RegisteredVersion(name, null, null)
                : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new RegisteredVersion(name, number, null)
                : new Malformed();
        if (parts is not [{ Length: > 0 } only])
            return new Malformed();
        var at = only.LastIndexOf('@');
        return at > 0 && at < only.Length - 1 ? new RegisteredVersion(only[..at], null, only[(at + 1)..]) : new LoggedModel(only);
    }
}
