using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;

namespace MlOpsPortal.Platform.Paging;

/// <summary>A part of a list, and where the next part begins.</summary>
/// <param name="NextCursor">Opaque; null on the last page.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? NextCursor)
{
    public static readonly Page<T> Empty = new([], null);
}

/// <summary>How much of a list, from where. The keys of a cursor are the last row's sort keys.</summary>
/// <param name="Limit">1 to <see cref="MaxLimit"/>.</param>
public sealed record PageRequest(int Limit, string? Cursor)
{
    public const int MaxLimit = 200;
    public const int DefaultLimit = 50;

    public static PageRequest Of(int? limit, string? cursor) => new(Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit), string.IsNullOrEmpty(cursor) ? null : cursor);

    /// <summary>Cuts a list of at most Limit + 1 rows to a page.</summary>
    public Page<T> Cut<T>(IReadOnlyList<T> rows, Func<T, string> key) =>
        rows.Count > Limit ? new([.. rows.Take(Limit)], Cursors.Write(key(rows[Limit - 1]))) : new([.. rows], null);
}

/// <summary>Writes and reads cursors: base64url of the last sort key.</summary>
public static class Cursors
{
    public static string Write(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <returns>Null when the text was not written here.</returns>
    public static string? Read(string? cursor)
    {
        if (cursor is null || cursor.Length > 1024 || !Base64Url.IsValid(cursor))
            return null;
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
    }
}
