using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects.Ledger;

/// <summary>Which dates and numbers can be recorded.</summary>
internal static class Dates
{
    /// <summary>Keeps ratios of any two recorded numbers within a decimal.</summary>
    private const decimal Largest = 1_000_000_000_000m;
    private const int MostDecimals = 10;
    private static readonly DateOnly Earliest = new(1970, 1, 1);

    public static DateOnly Today(this TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Not the future: a date that has begun nowhere on earth yet. Whoever lives east of Greenwich may be a day ahead.</summary>
    public static Faults PastDate(this Faults faults, string field, DateOnly date, DateTimeOffset now) => faults
        .When(date > DateOnly.FromDateTime(now.UtcDateTime.AddHours(14)), field, "projects.future_date")
        .When(date < Earliest, field, "projects.early_date");

    public static Faults Measure(this Faults faults, string field, decimal? value) =>
        faults.When(value is { } number && (Math.Abs(number) > Largest || number.Scale > MostDecimals && decimal.Round(number, MostDecimals) != number), field, "projects.number_range");
}
