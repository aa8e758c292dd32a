using System.Text.RegularExpressions;
using MlOpsPortal.Architecture.Code;

namespace MlOpsPortal.Architecture.Endpoints;

/// <summary>What an endpoint answers to strangers: a line of expectations.md.</summary>
/// <param name="With">A query (<c>?…</c>), a JSON body, or nothing; <c>{project}</c> stands for an id.</param>
/// <param name="Kind">open, tenant, id or page.</param>
/// <param name="Outsider">Status for a member of the tenant who is a member of another project only.</param>
/// <param name="Viewer">Status for a viewer who is a member.</param>
internal sealed partial record Expectation(string Name, string With, string Kind, string Outsider, string Viewer)
{
    public static IReadOnlyList<Expectation> All { get; } =
        [.. CommittedList.Read(Path.Combine("Endpoints", "expectations.md")).Select(cells => new Expectation(cells[0], cells[1], cells[2], cells[3], cells[4]))];

    private string Method => Name[..Name.IndexOf(' ', StringComparison.Ordinal)];

    private string Route => Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>The request about the given things.</summary>
    public HttpRequestMessage Request(Func<string, string> thing)
    {
        var query = With.StartsWith('?') ? Fill(With, thing) : "";
        var request = new HttpRequestMessage(Method == "ANY" ? HttpMethod.Get : new HttpMethod(Method), Address(thing) + query);
        if (Route.Contains("/blocks/", StringComparison.Ordinal))
        {
            request.Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("application/octet-stream") } };
            request.Headers.Add("X-Content-SHA256", "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        }
        else if (With.StartsWith('{') || With.StartsWith('['))
        {
            request.Content = new StringContent(Fill(With, thing), System.Text.Encoding.UTF8, "application/json");
        }

        if (Kind == "page")
            request.Headers.Accept.ParseAdd("text/html");
        return request;
    }

    /// <summary>A parameter of the address is told by the word before it: <c>projects/{id}</c> is a project, <c>endpoints/{name}</c> an endpoint's name. Below
    /// <c>registry</c> the words mean the registry's own things.</summary>
    private string Address(Func<string, string> thing)
    {
        var parts = Route.Split('/');
        for (var index = 1; index < parts.Length; index++)
            if (Parameter().Match(parts[index]) is { Success: true } parameter)
                parts[index] = parts[index].Replace(parameter.Value, thing(parameter.Value == "{name}" ? "endpoint-name" : Word(Route.Split('/'), index)), StringComparison.Ordinal);
        return string.Join('/', parts);
    }

    private static string Word(string[] words, int index) => (words[Math.Max(0, index - 2)], words[index - 1]) switch
    {
        ("registry", "models") => "registered-models",
        ("registry", "requests") => "move-requests",
        (_, var word) => word.ToLowerInvariant(),
    };

    private static string Fill(string template, Func<string, string> thing) => Placeholder().Replace(template, match => thing(match.Groups["name"].Value));

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{(?<name>[a-z0-9.-]+)\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
