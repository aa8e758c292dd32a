using System.Globalization;

namespace MlOpsPortal.Platform.Ids;

/// <summary>A typed id: a UUIDv7, written as 32 lower-case hex digits.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>Making, reading and writing ids.</summary>
public static class Id
{
    public static TId New<TId>(DateTimeOffset now)
        where TId : struct, IId<TId> => TId.From(Guid.CreateVersion7(now));

    public static string Text(Guid value) => value.ToString("n", CultureInfo.InvariantCulture);

    /// <summary>Reads an id out of a route or a query. A text that is no id reads as the id of nothing, so that it is answered
    /// like any unknown id and not with a hint about what ids look like.</summary>
    public static bool TryParse<TId>(string? text, out TId id)
        where TId : struct, IId<TId>
    {
        id = TId.From(Guid.TryParseExact(text, "n", out var value) || Guid.TryParseExact(text, "d", out value) ? value : Guid.Empty);
        return true;
    }
}
