using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Web.Ui;

/// <summary>The server's refusal of a form: a sentence for the whole and one per field.</summary>
public sealed class FormFaults(RefusalTexts texts)
{
    private Refusal? refusal;

    /// <summary>What is wrong as a whole; null when the fields say it all, or nothing is wrong.</summary>
    public string? Sentence => refusal is null || refusal is Validation { Fields: { IsDefaultOrEmpty: false } } ? null : texts.Sentence(refusal);

    public bool Any => refusal is not null;

    /// <summary>Names of fields are those of the request, camelCase.</summary>
    public string? this[string field] =>
        refusal is Validation { Fields: { IsDefaultOrEmpty: false } fields } && fields.FirstOrDefault(fault => fault.Field == field) is { } found ? texts.Sentence(found) : null;

    public void Show(Refusal? refused) => refusal = refused;
}
