using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Kpis.Values;

internal sealed class KpiValueRow : DatedRow
{
    public const string Key = "pk_kpi_values";

    public int KpiVersion { get; set; }
    public decimal Value { get; set; }
    public ValueSource Source { get; set; }
    public string Note { get; set; } = "";
    public decimal? Numerator { get; set; }
    public decimal? Denominator { get; set; }

    /// <summary>jsonb; a list of <see cref="KpiInput"/>.</summary>
    public string? Inputs { get; set; }
    public Guid? Run { get; set; }
}
