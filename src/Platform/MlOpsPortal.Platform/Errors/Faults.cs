using System.Collections.Immutable;
using System.Globalization;

namespace MlOpsPortal.Platform.Errors;

/// <summary>Collects everything that is wrong with a request, so that a person sees all of it at once.</summary>
public sealed class Faults
{
    private readonly List<FieldFault> found = [];

    public bool Any => found.Count > 0;

    /// <summary>Null while nothing is wrong.</summary>
    public Validation? Refusal => Any ? new Validation("invalid") { Fields = [.. found] } : null;

    public Faults Text(string field, string? value, int max)
    {
        if (string.IsNullOrWhiteSpace(value))
            found.Add(new FieldFault(field, "required"));
        return OptionalText(field, value, max);
    }

    public Faults OptionalText(string field, string? value, int max)
    {
        if (value is not null && value.Length > max)
            found.Add(new FieldFault(field, "too_long", max.ToString(CultureInfo.InvariantCulture)));
        else if (value is not null && value.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
            found.Add(new FieldFault(field, "control_characters"));
        return this;
    }

    public Faults When(bool wrong, string field, string code, params ImmutableArray<string> args)
    {
        if (wrong)
            found.Add(new FieldFault(field, code, args));
        return this;
    }
}
