using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Access;

/// <summary>Amounts and their limits.</summary>
internal static class OperatorWords
{
    public static string Of(long taken, int? limit) => limit is { } most ? $"{Numbers.Count(taken)} of {Numbers.Count(most)}" : Numbers.Count(taken);

    public static string Bytes(long taken, long? limit) => limit is { } most ? $"{Numbers.Bytes(taken)} of {Numbers.Bytes(most)}" : Numbers.Bytes(taken);
}
