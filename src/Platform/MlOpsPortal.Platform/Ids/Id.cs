using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

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

    /// <summary>A UUIDv7 that sorts by the microsecond, and within it by place: what one transaction notes keeps its order wherever it is listed.</summary>
    /// <param name="place">0 to 16,383.</param>
    public static Guid Ordered(DateTimeOffset now, int place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, 0x3FFF);
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[10..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (now.Ticks / TimeSpan.TicksPerMicrosecond % 1000))); // version 7, then the microsecond
        BinaryPrimitives.WriteUInt16BigEndian(bytes[8..], (ushort)(0x8000 | place)); // the variant, then the place
        return new Guid(bytes, bigEndian: true);
    }

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
