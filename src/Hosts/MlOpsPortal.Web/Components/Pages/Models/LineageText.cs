using System.Collections.Immutable;

namespace MlOpsPortal.Web.Components.Pages.Models;

/// <summary>Parameters as people write them: one "name = value" a line.</summary>
internal static class LineageText
{
    public static ImmutableSortedDictionary<string, string> Parse(string? text)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            parameters[at < 0 ? line : line[..at].Trim()] = at < 0 ? "" : line[(at + 1)..].Trim();
        }

        return parameters.ToImmutable();
    }

    public static string Write(ImmutableSortedDictionary<string, string> parameters) => string.Join('\n', parameters.Select(parameter => $"{parameter.Key} = {parameter.Value}"));
}
