using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Comments;

public readonly record struct CommentId(Guid Value) : IId<CommentId>
{
    public static CommentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out CommentId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What somebody said about a thing of a project.</summary>
internal sealed class CommentRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public CommentId Id { get; set; }
    public ScopeId Scope { get; set; }
    public required string SubjectKind { get; set; }
    public required string SubjectId { get; set; }
    public UserId AuthorId { get; set; }
    public required string AuthorName { get; set; }

    /// <summary>Plain text; shown as text, never as markup.</summary>
    public required string Text { get; set; }

    /// <summary>Who is named in it, as far as they may see it.</summary>
    public Guid[] Mentions { get; set; } = [];
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? EditedAt { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }
}
