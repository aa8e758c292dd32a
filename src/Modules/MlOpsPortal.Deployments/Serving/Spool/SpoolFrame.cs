using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>One prediction on disk: length and CRC-32C (4 bytes each, little endian), then the record. A frame that a crash cut short does not check out and ends its file.</summary>
internal static class SpoolFrame
{
    public const int HeaderSize = 8;
    public const int MaxLength = 16 * 1024 * 1024;
    private const byte Format = 1;
    private const int FixedSize = 1 + 16 + 16 + 8 + 8 + 4 + 4 + 8;
    private const int NoVersion = -1;

    /// <summary>Writes a frame.</summary>
    /// <param name="features">UTF-8 JSON.</param>
    public static void Write(
        ArrayBufferWriter<byte> target, TenantId tenant, DeploymentId deployment, string id, DateTimeOffset occurredAt, DateTimeOffset loggedAt,
        int? version, double output, string? label, int latencyMicroseconds, ReadOnlySpan<byte> features)
    {
        var idBytes = Encoding.UTF8.GetByteCount(id);
        var labelBytes = label is null ? 0 : Encoding.UTF8.GetByteCount(label);
        var length = FixedSize + 2 + idBytes + 2 + labelBytes + features.Length;
        var frame = target.GetSpan(HeaderSize + length)[..(HeaderSize + length)];
        var rest = frame[HeaderSize..];
        rest[0] = Format;
        tenant.Value.TryWriteBytes(rest[1..]);
        deployment.Value.TryWriteBytes(rest[17..]);
        BinaryPrimitives.WriteInt64LittleEndian(rest[33..], Microseconds(occurredAt));
        BinaryPrimitives.WriteInt64LittleEndian(rest[41..], Microseconds(loggedAt));
        BinaryPrimitives.WriteInt32LittleEndian(rest[49..], version ?? NoVersion);
        BinaryPrimitives.WriteInt32LittleEndian(rest[53..], latencyMicroseconds);
        BinaryPrimitives.WriteDoubleLittleEndian(rest[57..], output);
        rest = WriteText(rest[FixedSize..], id, idBytes);
        rest = WriteText(rest, label ?? "", labelBytes);
        features.CopyTo(rest);
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[HeaderSize..]));
        target.Advance(HeaderSize + length);
    }

    /// <returns>The length of the whole frame at the start of the bytes; 0 when none stands there unharmed.</returns>
    public static int Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < FixedSize + 4 or > MaxLength || bytes.Length < HeaderSize + length)
            return 0;
        var record = bytes.Slice(HeaderSize, length);
        return record[0] == Format && Checksum(record) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) ? HeaderSize + length : 0;
    }

    /// <summary>Reads a frame that was checked.</summary>
    public static LoggedPrediction Read(ReadOnlySpan<byte> frame)
    {
        var record = frame[HeaderSize..];
        var version = BinaryPrimitives.ReadInt32LittleEndian(record[49..]);
        var rest = ReadText(record[FixedSize..], out var id);
        rest = ReadText(rest, out var label);
        return new LoggedPrediction(
            new TenantId(new Guid(record.Slice(1, 16))), new DeploymentId(new Guid(record.Slice(17, 16))), id,
            Time(BinaryPrimitives.ReadInt64LittleEndian(record[33..])), Time(BinaryPrimitives.ReadInt64LittleEndian(record[41..])),
            version == NoVersion ? null : version, BinaryPrimitives.ReadDoubleLittleEndian(record[57..]), label.Length == 0 ? null : label,
            BinaryPrimitives.ReadInt32LittleEndian(record[53..]), Encoding.UTF8.GetString(rest));
    }

    private static Span<byte> WriteText(Span<byte> target, string text, int bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, checked((ushort)bytes));
        Encoding.UTF8.GetBytes(text, target[2..]);
        return target[(2 + bytes)..];
    }

    private static ReadOnlySpan<byte> ReadText(ReadOnlySpan<byte> source, out string text)
    {
        var bytes = BinaryPrimitives.ReadUInt16LittleEndian(source);
        text = Encoding.UTF8.GetString(source.Slice(2, bytes));
        return source[(2 + bytes)..];
    }

    private static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var single in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, single);
        return ~crc;
    }
}
