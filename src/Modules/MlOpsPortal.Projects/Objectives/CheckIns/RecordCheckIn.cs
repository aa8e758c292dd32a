using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Objectives.CheckIns;

/// <summary>Says how a key result stands.</summary>
/// <param name="Value">In its unit; left out for an ordinal key result.</param>
/// <param name="Zone">For an ordinal key result, instead of a value.</param>
/// <param name="Confidence">0 to 10.</param>
public sealed record RecordCheckIn(DateOnly Date, decimal? Value = null, Zone? Zone = null, int? Confidence = null, string? WhatChanged = null, string? Next = null)
{
    private const int LongestText = 4096;

    internal Result<CheckInRow> Decide(KeyResult result, CheckInRow? before, bool mayOverwrite, DateTimeOffset now)
    {
        var ordinal = result.Type == KeyResultType.Ordinal;
        var faults = new Faults().PastDate("date", Date, now).Measure("value", Value)
            .When(!ordinal && Value is null, "value", "required").When(ordinal && Value is not null, "value", "projects.zone_instead")
            .When(ordinal && Zone is null, "zone", "required").When(!ordinal && Zone is not null, "zone", "projects.value_instead")
            .When(result.Type == KeyResultType.Milestone && (Value < 0 || Value > result.Total), "value", "projects.milestone_value", CheckInText.Number(result.Total))
            .When(Confidence is null, "confidence", "required").When(Confidence is < 0 or > 10, "confidence", "projects.confidence")
            .OptionalText("whatChanged", WhatChanged, LongestText).OptionalText("next", Next, LongestText);
        if (faults.Refusal is { } refusal)
            return refusal;
        if (result.Archived)
            return ProjectsErrors.KeyResultArchived();
        if (before is not null && !mayOverwrite)
            return ProjectsErrors.ValueThere(Date, CheckIn.Of(before).Said);
        return new CheckInRow { Value = Value, Zone = Zone, Confidence = Confidence!.Value, WhatChanged = WhatChanged?.Trim() ?? "", Next = Next?.Trim() ?? "" }; // checked above
    }
}

internal static class CheckInText
{
    public static string Number(decimal value) => value.ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture);
}
