using MlOpsPortal.Platform.Data;

namespace MlOpsPortal.Platform.Mail;

/// <summary>Sends e-mail, later: a mail is a row that a background sender takes, with retries. Without a server configured nothing is queued;
/// whoever offers to send something asks <see cref="IsConfigured"/> first and says so.</summary>
public interface IMailer
{
    bool IsConfigured { get; }

    /// <summary>An address of the portal as people reach it from outside.</summary>
    /// <param name="path">From the root: <c>/t/acme/projects</c>.</param>
    /// <exception cref="InvalidOperationException">Nothing is configured.</exception>
    Uri Link(string path);

    /// <summary>Adds a mail to a unit of work: it is sent when that was committed.</summary>
    /// <returns>False when no server is configured: nothing was queued.</returns>
    bool Queue(TenantDbContext db, Letter letter);

    /// <summary>Queues a mail that belongs to no tenant's unit of work.</summary>
    /// <returns>Likewise.</returns>
    Task<bool> QueueAsync(Letter letter, CancellationToken cancellationToken);
}

/// <summary>A mail in plain text. Its text rests encrypted until it is sent, and is gone afterwards: it may carry a single-use link.</summary>
public sealed record Letter(string To, string Subject, string Text);
