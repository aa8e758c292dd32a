using System.Text.Json.Serialization.Metadata;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>A refusal inside an answer (why a file was refused, why a release failed) goes out with its sentence, like one that is an answer itself.</summary>
internal static class SpokenRefusals
{
    public static Action<JsonTypeInfo> By(RefusalTexts texts) => type =>
    {
        if (type.Kind != JsonTypeInfoKind.Object || !typeof(Refusal).IsAssignableFrom(type.Type))
            return;
        var detail = type.CreateJsonPropertyInfo(typeof(string), "detail");
        detail.Get = refusal => texts.Sentence((Refusal)refusal);
        type.Properties.Add(detail);
    };
}
