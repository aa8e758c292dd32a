using System.Globalization;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>Ids that tie labels, hints and titles to their elements. Unique in the process, without meaning.</summary>
internal static class ElementId
{
    private static long last;

    public static string Next(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref last):x}");
}
