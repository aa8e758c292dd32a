using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Access;

/// <summary>What Access refuses. The sentences stand in Refusals.resx by code.</summary>
internal static class AccessErrors
{
    /// <summary>One answer for an unknown e-mail, a wrong password and an account that rests: it tells nobody which accounts exist.</summary>
    public static readonly Validation WrongCredentials = new("access.wrong_credentials");

    public static readonly NotFound InvitationUnknown = new("access.invitation_unknown");

    public static readonly NotFound ResetUnknown = new("access.reset_unknown");

    public static readonly Forbidden OperatorsOnly = new("access.operators_only");

    public static readonly Conflict LastAdministrator = new("access.last_administrator");

    public static readonly Conflict EmailTaken = new("access.email_taken");

    public static readonly Conflict SlugTaken = new("access.tenant_slug_taken");

    public static readonly Conflict AlreadyMember = new("access.already_member");

    public static readonly Conflict AlreadyBootstrapped = new("access.already_bootstrapped");

    public static Unavailable TooManyTries(TimeSpan retryAfter) => new("access.too_many_tries") { Kind = UnavailableKind.TooMany, RetryAfter = retryAfter };

    public static Validation Field(string field, string code, params string[] args) => new("invalid") { Fields = [new FieldFault(field, code, [.. args])] };

    public static string Text(int number) => number.ToString(CultureInfo.CurrentCulture);
}
