using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects.Ledger;

/// <summary>What was said about a subject (a KPI, a key result) for a date. Rows are only ever added: the one with the highest revision holds,
/// the others are its history; taking a value back is a revision too.</summary>
internal abstract class DatedRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid ProjectId { get; set; }

    /// <summary>The KPI or key result.</summary>
    public Guid Subject { get; set; }
    public DateOnly Date { get; set; }

    /// <summary>Counts from 1 per subject and date.</summary>
    public int Revision { get; set; }
    public bool Withdrawn { get; set; }
    public UserId Author { get; set; }
    public string AuthorName { get; set; } = "";
    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>The same content, to become another revision.</summary>
    public DatedRow Copy() => (DatedRow)MemberwiseClone();
}
