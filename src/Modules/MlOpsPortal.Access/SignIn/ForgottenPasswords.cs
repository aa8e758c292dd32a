using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using Npgsql;

namespace MlOpsPortal.Access.SignIn;

/// <summary>Takes e-mail addresses of people who cannot sign in. Every address gets the same answer at once, and what follows happens afterwards:
/// neither words nor time tell who has an account.</summary>
public sealed class ForgottenPasswords(PasswordDesk desk, SignInThrottle throttle, ILogger<ForgottenPasswords> log) : BackgroundService
{
    private readonly Channel<string> asked = Channel.CreateBounded<string>(1_000);

    /// <returns>429 for too many from one network address or for one account's address; Validation for what is no address at all.</returns>
    public Result<Done> Ask(string email, IPAddress? address)
    {
        if (throttle.Take(address, email) is { } tooMany)
            return tooMany;
        if (!AccountDesk.IsEmail(email))
            return AccessErrors.Field("email", "access.email_invalid");
        return asked.Writer.TryWrite(email.Trim()) ? Done.Instance : AccessErrors.TooManyTries(TimeSpan.FromSeconds(30));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var email in asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await desk.MailAsync(email, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "A link for a new password could not be made; whoever asked for it asks again");
            }
        }
    }
}
