using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

namespace MlOpsPortal.Platform.Mail;

/// <summary>Section <c>Mail</c>. Without a host the portal sends no e-mail, and its pages say so.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>The SMTP server; empty for none.</summary>
    public string Host { get; set; } = "";

    /// <summary>1 to 65,535, default 587.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>STARTTLS; default on.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>Empty when the server asks for no sign-in.</summary>
    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The sender's address. Required with a host.</summary>
    public string From { get; set; } = "";

    /// <summary>Where people reach the portal, for links in mails: <c>https://ml.example.com</c>. <c>Portal:PublicUrl</c> when not set; one of the two is required with a host.</summary>
    public string PortalUrl { get; set; } = "";

    /// <summary>Seconds that one mail may take. 1 to 300, default 30.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;

    public bool IsConfigured => Host.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
            yield break;
        if (!MailAddress.TryCreate(From, out _))
            yield return new ValidationResult("Mail:From is not an e-mail address: whom mails come from.", [nameof(From)]);
        if (!Uri.TryCreate(PortalUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new ValidationResult("Mail:PortalUrl is not set: where people reach the portal, http or https.", [nameof(PortalUrl)]);
        if (UserName.Length > 0 != Password.Length > 0)
            yield return new ValidationResult("Mail:UserName and Mail:Password belong together.", [nameof(UserName)]);
    }
}
