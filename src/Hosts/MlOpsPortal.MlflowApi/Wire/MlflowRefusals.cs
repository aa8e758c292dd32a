using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>Why a call cannot be read; the sentences are in Refusals.resx.</summary>
internal static class MlflowRefusals
{
    public static Validation Missing(string field) => new("mlflow.missing", field);

    public static Validation Invalid(string field, string value, string why) => new("mlflow.invalid", field, value, why);

    public static Validation BothSteps() => new("mlflow.both_steps");

    public static Validation StepOrder(long from, long to) => new("mlflow.step_order", from.ToString(CultureInfo.InvariantCulture), to.ToString(CultureInfo.InvariantCulture));

    public static Validation ContentType() => new("mlflow.content_type");
}
