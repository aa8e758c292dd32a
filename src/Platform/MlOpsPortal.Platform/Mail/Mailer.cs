using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Platform.Mail;

/// <summary>The queue's entrance.</summary>
internal sealed class Mailer(IOptions<MailOptions> options, IDataProtectionProvider protection, PortalDatabase database, TimeProvider time) : IMailer
{
    public const string Purpose = "MlOpsPortal.Mail";
    private readonly IDataProtector protector = protection.CreateProtector(Purpose);

    public bool IsConfigured => options.Value.IsConfigured;

    public Uri Link(string path) =>
        IsConfigured ? new Uri(new Uri(options.Value.PortalUrl.TrimEnd('/') + "/"), path.TrimStart('/')) : throw new InvalidOperationException("No mail server is configured.");

    public bool Queue(TenantDbContext db, Letter letter)
    {
        if (IsConfigured)
            db.Mails.Add(Row(letter));
        return IsConfigured;
    }

    public async Task<bool> QueueAsync(Letter letter, CancellationToken cancellationToken)
    {
        if (!IsConfigured)
            return false;
        var row = Row(letter);
        await using var command = database.System.CreateCommand("INSERT INTO platform.mails (id, recipient, subject, text, attempts, created_at, due_at) VALUES ($1, $2, $3, $4, 0, $5, $5)");
        command.Parameters.Add(new NpgsqlParameter { Value = row.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = row.Recipient });
        command.Parameters.Add(new NpgsqlParameter { Value = row.Subject });
        command.Parameters.Add(new NpgsqlParameter { Value = row.Text! }); // set by Row
        command.Parameters.Add(new NpgsqlParameter { Value = row.CreatedAt });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private MailRow Row(Letter letter)
    {
        var now = time.GetMicrosecondNow();
        return new MailRow
        {
            Id = Guid.CreateVersion7(now),
            Recipient = letter.To,
            Subject = OneLine(letter.Subject),
            Text = protector.Protect(letter.Text),
            CreatedAt = now,
            DueAt = now,
        };
    }

    // A line break in a subject would begin another header.
    private static string OneLine(string subject) => new([.. subject.Select(character => char.IsControl(character) ? ' ' : character).Take(200)]);
}
