using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Seals;

/// <summary>The chain of a tenant's trail: every seal is made from the seal before it, its own number and the whole entry as it is stored.</summary>
internal sealed class Chain
{
    private byte[] tip = new byte[SHA256.HashSizeInBytes];

    public long Sequence { get; private set; }

    public ReadOnlySpan<byte> Tip => tip;

    /// <summary>Goes on from a seal that is there already.</summary>
    public static Chain From(SealRow? last) => last is null ? new Chain() : new Chain { tip = last.Hash, Sequence = last.Sequence };

    /// <summary>Seals the next entry.</summary>
    public SealRow Seal(AuditRow entry, DateTimeOffset now)
    {
        Sequence++;
        tip = Hash(tip, Sequence, entry);
        return new SealRow { TenantId = entry.TenantId, Sequence = Sequence, EntryId = entry.Id, Hash = tip, SealedAt = now };
    }

    /// <summary>Looks whether a seal follows from what came before it.</summary>
    /// <param name="entry">The entry that it was made for, null when it is not there any more.</param>
    /// <returns>What is wrong, null for nothing.</returns>
    public Refusal? Follow(SealRow seal, AuditRow? entry)
    {
        if (seal.Sequence != Sequence + 1)
            return new Conflict("audit.seal_missing", Text(Sequence + 1));
        if (entry is null)
            return new Conflict("audit.entry_gone", Text(seal.Sequence), Id.Text(seal.EntryId));
        Sequence = seal.Sequence;
        tip = Hash(tip, Sequence, entry);
        return CryptographicOperations.FixedTimeEquals(tip, seal.Hash) ? null : new Conflict("audit.seal_broken", Text(seal.Sequence), Id.Text(seal.EntryId));
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Hash(ReadOnlySpan<byte> before, long sequence, AuditRow entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Number(hash, sequence);
        Guid16(hash, entry.TenantId.Value);
        Guid16(hash, entry.Id);
        Number(hash, (entry.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        Guid16(hash, entry.ActorId.Value);
        Words(hash, entry.ActorName);
        Words(hash, entry.Action);
        Words(hash, entry.SubjectKind);
        Words(hash, entry.SubjectId);
        Words(hash, entry.SubjectName);
        Words(hash, entry.Scope?.ToString());
        Words(hash, entry.Detail);
        Words(hash, entry.TraceId);
        return hash.GetHashAndReset();
    }

    private static void Guid16(IncrementalHash hash, Guid id) => hash.AppendData(id.ToByteArray(bigEndian: true));

    private static void Number(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    /// <summary>With its length, so that no two entries read alike; nothing has the length -1.</summary>
    private static void Words(IncrementalHash hash, string? text)
    {
        Number(hash, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
            hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
