using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Platform.Mail;

/// <summary>Sends what is due, one mail after another. A mail whose server does not answer is tried again, ever more rarely, for about a day.
/// It is claimed by moving its due time before it is sent: a process that dies while sending sends it a second time, never not at all.</summary>
public sealed class MailSender(IOptions<MailOptions> options, IDataProtectionProvider protection, PortalDatabase database, TimeProvider time, ILogger<MailSender> log) : BackgroundService
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly IDataProtector protector = protection.CreateProtector(Mailer.Purpose);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsConfigured)
        {
            log.LogInformation("No mail server is configured (Mail:Host): the portal sends no e-mail");
            return;
        }

        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SendNextAsync(stoppingToken))
                    log.LogDebug("A mail went out, more may wait");
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "The mails could not be read; trying again");
            }
        }
    }

    /// <returns>False when nothing was due.</returns>
    public async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } mail)
            return false;
        var fault = await TrySendAsync(mail, cancellationToken);
        if (fault is not null)
            log.LogWarning("Mail {Mail} was not taken by the server at attempt {Attempt}: {Fault}", mail.Id, mail.Attempts, fault);
        await using var note = database.System.CreateCommand(
            """
            UPDATE platform.mails SET fault = $2, sent_at = CASE WHEN $2 IS NULL THEN now() END, given_up_at = CASE WHEN $2 IS NOT NULL AND attempts >= $3 THEN now() END,
                text = CASE WHEN $2 IS NULL OR attempts >= $3 THEN NULL ELSE text END
            WHERE id = $1
            """);
        note.Parameters.Add(new NpgsqlParameter { Value = mail.Id });
        note.Parameters.Add(new NpgsqlParameter { Value = (object?)fault ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        note.Parameters.Add(new NpgsqlParameter { Value = MostAttempts });
        await note.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private async Task<Claimed?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var claim = database.System.CreateCommand(
            """
            UPDATE platform.mails SET attempts = attempts + 1, due_at = now() + least(interval '6 hours', interval '30 seconds' * power(3, attempts))
            WHERE id = (SELECT id FROM platform.mails WHERE text IS NOT NULL AND due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, recipient, subject, text, attempts
            """);
        await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Claimed(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4))
            : null;
    }

    /// <returns>Null when the server took it.</returns>
    private async Task<string?> TrySendAsync(Claimed mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            using var message = new MailMessage(new MailAddress(settings.From, "MlOpsPortal"), new MailAddress(mail.Recipient))
            {
                Subject = mail.Subject, SubjectEncoding = Encoding.UTF8, Body = protector.Unprotect(mail.Text), BodyEncoding = Encoding.UTF8,
                BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            };
            message.Headers.Add("Message-ID", $"<{mail.Id:n}@{new Uri(settings.PortalUrl).Host}>");
            message.Headers.Add("Auto-Submitted", "auto-generated");
            using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls };
            if (settings.UserName.Length > 0)
                client.Credentials = new NetworkCredential(settings.UserName, settings.Password);
            await client.SendMailAsync(message, limit.Token);
            return null;
        }
        catch (Exception exception) when (exception is SmtpException or FormatException or CryptographicException or IOException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The server took longer than {settings.TimeoutSeconds} s.";
        }
    }

    private sealed record Claimed(Guid Id, string Recipient, string Subject, string Text, int Attempts);
}
