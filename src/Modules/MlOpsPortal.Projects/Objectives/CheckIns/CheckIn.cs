using System.Globalization;
using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects.Objectives.CheckIns;

/// <summary>How a key result stands on a date, as its owner says. What it says in numbers is declared, progress is computed from it.</summary>
/// <param name="Value">In the key result's unit; for a milestone how many are done. Null for an ordinal one.</param>
/// <param name="Zone">Of an ordinal key result.</param>
/// <param name="Confidence">0 to 10 that the target will be reached.</param>
/// <param name="Revision">Counts what was said about this date, from 1; goes back as <c>If-Match</c>.</param>
public sealed record CheckIn(
    DateOnly Date, decimal? Value, Zone? Zone, int Confidence, string WhatChanged, string Next, UserId Author, string AuthorName, DateTimeOffset RecordedAt, int Revision, bool Withdrawn)
{
    /// <summary>The value or the zone, invariant.</summary>
    [JsonIgnore]
    public string Said => Value?.ToString("0.##########", CultureInfo.InvariantCulture) ?? Zone?.ToString().ToUpperInvariant() ?? "";

    internal static CheckIn Of(CheckInRow row) =>
        new(row.Date, row.Value, row.Zone, row.Confidence, row.WhatChanged, row.Next, row.Author, row.AuthorName, row.RecordedAt, row.Revision, row.Withdrawn);
}
