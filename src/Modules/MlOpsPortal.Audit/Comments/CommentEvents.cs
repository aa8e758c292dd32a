using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Audit.Comments;

/// <param name="Mentions">Who is named.</param>
/// <param name="Href">Where it was said.</param>
public sealed record CommentPosted(CommentId Comment, string Text, ImmutableArray<UserId> Mentions, string Href) : DomainEvent("comment.posted");

/// <param name="Mentions">Who is named now and was not before.</param>
public sealed record CommentEdited(CommentId Comment, string Before, string Text, ImmutableArray<UserId> Mentions, string Href) : DomainEvent("comment.edited");

public sealed record CommentArchived(CommentId Comment) : DomainEvent("comment.archived");

public sealed record CommentRestored(CommentId Comment) : DomainEvent("comment.restored");
