using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>Why a call cannot be read; the sentences are in Refusals.resx.</summary>
internal static class MlflowRefusals
{
    public static Validation Missing(string field) => new("mlflow.missing", field);

    public static Validation Invalid(string field, string value, string why) => new("mlflow.invalid", field, value, why);

    public static Validation ContentType() => new("mlflow.content_type");
}
