using System.Collections.Immutable;
using System.Globalization;
using System.Resources;

namespace MlOpsPortal.Platform.Errors;

/// <summary>Finds the sentence of a refusal by its code, in the resources that each module registers.</summary>
public sealed class RefusalTexts(IEnumerable<RefusalTextSource> sources)
{
    private readonly ImmutableArray<ResourceManager> resources = [.. sources.Select(source => source.Resources)];

    public string Sentence(Refusal refusal) => Sentence(refusal.Code, refusal.Args);

    public string Sentence(FieldFault fault) => Sentence(fault.Code, fault.Args);

    /// <exception cref="MissingManifestResourceException">No module has a text for the code: a bug that a test looks for.</exception>
    public string Sentence(string code, ImmutableArray<string> args)
    {
        var text = Find(code) ?? throw new MissingManifestResourceException($"No text for the refusal code '{code}'.");
        return string.Format(CultureInfo.CurrentCulture, text, [.. args]);
    }

    public bool Has(string code) => Find(code) is not null;

    private string? Find(string code)
    {
        foreach (var resource in resources)
            if (resource.GetString(code, CultureInfo.CurrentUICulture) is { } text)
                return text;
        return null;
    }
}

/// <summary>A module's refusal sentences: an embedded <c>Refusals.resx</c> beside the marker type.</summary>
public sealed record RefusalTextSource(ResourceManager Resources)
{
    /// <param name="marker">A type whose namespace holds Refusals.resx.</param>
    public static RefusalTextSource Of(Type marker) => new(new ResourceManager($"{marker.Namespace}.Refusals", marker.Assembly));
}
