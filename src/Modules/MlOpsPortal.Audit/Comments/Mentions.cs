using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;

namespace MlOpsPortal.Audit.Comments;

/// <summary>A stretch of a comment: plain words, or a person's name.</summary>
/// <param name="Person">Who is meant; null for plain words.</param>
public sealed record CommentPart(string Text, UserId? Person);

/// <summary>Finds people named in a text: an @ at a word's beginning, then a person's whole name or e-mail address, in any case, longest first.</summary>
internal static class Mentions
{
    /// <param name="people">Who may be meant: only those who see the thing.</param>
    public static ImmutableArray<UserId> In(string text, ImmutableArray<Addressee> people) =>
        [.. Parts(text, people).Select(part => part.Person).OfType<UserId>().Distinct()];

    public static ImmutableArray<CommentPart> Parts(string text, ImmutableArray<Addressee> people)
    {
        var parts = ImmutableArray.CreateBuilder<CommentPart>();
        var from = 0;
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = at + 1 < text.Length ? text.IndexOf('@', at + 1) : -1)
        {
            if (at < from || (at > 0 && char.IsLetterOrDigit(text[at - 1])) || Named(text, at + 1, people) is not var (person, length))
                continue;
            if (at > from)
                parts.Add(new CommentPart(text[from..at], null));
            parts.Add(new CommentPart(text.Substring(at, length + 1), person));
            from = at + 1 + length;
        }

        if (from < text.Length)
            parts.Add(new CommentPart(text[from..], null));
        return parts.ToImmutable();
    }

    private static (UserId Person, int Length)? Named(string text, int at, ImmutableArray<Addressee> people)
    {
        (UserId Person, int Length)? best = null;
        foreach (var person in people)
            foreach (var name in new[] { person.Name, person.Email })
                if (name.Length > (best?.Length ?? 0) && Stands(text, at, name))
                    best = (person.Id, name.Length);
        return best;
    }

    private static bool Stands(string text, int at, string name) =>
        string.Compare(text, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (at + name.Length >= text.Length || !char.IsLetterOrDigit(text[at + name.Length]));
}
