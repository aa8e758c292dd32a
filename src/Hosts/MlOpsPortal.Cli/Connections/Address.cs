namespace MlOpsPortal.Cli.Connections;

/// <summary>A server's address as it was given, and the paths below it. A prefix such as <c>/t/acme</c> is kept.</summary>
internal sealed record Address(string Text)
{
    private const string TenantPrefix = "/t/";

    /// <summary>Without the tenant's prefix, which only MLflow's routes know.</summary>
    public Address WithoutTenant => Text.IndexOf(TenantPrefix, StringComparison.Ordinal) is var at and >= 0 ? new Address(Text[..at]) : this;

    public static Address Parse(string given, string what)
    {
        var text = given.Trim().TrimEnd('/');
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new CliFailure($"{what} is an address such as https://mlflow.example.com, not '{given}'.");
        if (uri.UserInfo.Length > 0)
            throw new CliFailure($"{what} has a password in it; give credentials in the environment instead.");
        return new Address(text);
    }

    /// <param name="path">Escaped already, without a slash in front.</param>
    public Uri Of(string path, IEnumerable<(string Name, string? Value)>? query = null)
    {
        var asked = query is null ? "" : string.Join('&', query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value ?? "")}"));
        return new Uri($"{Text}/{path}{(asked.Length > 0 ? "?" + asked : "")}");
    }

    /// <summary>A path of any characters, each segment percent-encoded.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    public override string ToString() => Text;
}
