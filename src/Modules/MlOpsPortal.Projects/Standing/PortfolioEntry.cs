using System.Globalization;
using MlOpsPortal.Platform.Csv;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives.Progress;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Standing;

/// <summary>A project in the portfolio.</summary>
/// <param name="Progress">Of the objectives whose period runs, 0 to 1; null when none runs.</param>
/// <param name="AtRisk">Key results that are at risk.</param>
/// <param name="Kpi">The KPI that stands worst; null without one.</param>
/// <param name="PlannedValue">Per year; planned, never measured.</param>
public sealed record PortfolioEntry(
    ProjectId Id, string Name, string Summary, Stage Stage, decimal? Progress, int AtRisk, KpiStanding? Kpi, decimal? PlannedValue, string? Currency, DateTimeOffset UpdatedAt)
{
    private static readonly string[] Columns =
        ["project", "summary", "stage", "progress", "key_results_at_risk", "kpi", "kpi_value", "kpi_source", "kpi_date", "kpi_target", "kpi_state", "planned_value", "currency", "updated_at"];

    public KpiState KpiState => Kpi?.State ?? KpiState.Unknown;

    public static PortfolioEntry Of(ProjectStanding standing, DateTimeOffset updatedAt)
    {
        var project = standing.Project;
        var running = standing.Objectives.Where(objective => !objective.Ended).ToList();
        return new(
            project.Id, project.Name, project.Summary, project.CurrentStage, ObjectiveStanding.Period(running),
            running.SelectMany(objective => objective.KeyResults).Count(result => !result.Risks.IsEmpty),
            standing.Kpis.IsEmpty ? null : standing.Kpis.OrderBy(kpi => kpi.State == KpiState.Unknown).ThenBy(kpi => kpi.State).First(),
            project.Problem?.PlannedValue, project.Problem?.Currency, updatedAt);
    }

    /// <summary>The entries as CSV: numbers and dates invariant, texts that look like formulas escaped.</summary>
    public static string Csv(IEnumerable<PortfolioEntry> entries) =>
        string.Concat(entries.Select(entry => entry.Cells()).Prepend(Columns).Select(cells => CsvText.Line(cells) + "\r\n"));

    private string[] Cells() =>
    [
        Name, Summary, Stage.ToString(), Number(Progress), AtRisk.ToString(CultureInfo.InvariantCulture), Kpi?.Kpi.Name ?? "", Number(Kpi?.Latest?.Value), Kpi?.Latest?.Source.ToString() ?? "",
        Kpi?.Latest?.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", Number(Kpi?.Kpi.Target), Kpi is null ? "" : KpiState.ToString(), Number(PlannedValue), Currency ?? "",
        UpdatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    ];

    private static string Number(decimal? number) => number?.ToString("0.############", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Which projects of the portfolio are shown; the address of the page carries it.</summary>
/// <param name="Text">Every word of it is in name or summary.</param>
/// <param name="Kpi">In which state the project's worst KPI is.</param>
/// <param name="AtRisk">Only with key results at risk.</param>
public sealed record PortfolioFilter(string? Text = null, Stage? Stage = null, KpiState? Kpi = null, bool AtRisk = false)
{
    /// <summary>From an address: stages and states by their names, in any case.</summary>
    public static Result<PortfolioFilter> Read(string? text, string? stage, string? kpi, bool atRisk)
    {
        var (ofStage, ofKpi) = (Word<Stage>(stage), Word<KpiState>(kpi));
        var faults = new Faults().When(!string.IsNullOrEmpty(stage) && ofStage is null, "stage", "projects.no_such_word", Names<Stage>())
            .When(!string.IsNullOrEmpty(kpi) && ofKpi is null, "kpi", "projects.no_such_word", Names<KpiState>());
        return faults.Refusal is { } refusal ? refusal : new PortfolioFilter(text, ofStage, ofKpi, atRisk);
    }

    public bool Lets(PortfolioEntry entry) =>
        (Stage is null || entry.Stage == Stage) && (Kpi is null || entry.KpiState == Kpi) && (!AtRisk || entry.AtRisk > 0)
        && (Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .All(word => entry.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || entry.Summary.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static T? Word<T>(string? word)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals(value.ToString(), word, StringComparison.OrdinalIgnoreCase));

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());
}
