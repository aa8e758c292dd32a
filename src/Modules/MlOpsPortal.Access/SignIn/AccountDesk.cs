using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.SignIn;

/// <summary>Makes accounts and checks passwords. No endpoint creates an account but an accepted invitation.</summary>
public sealed class AccountDesk(IServiceScopeFactory scopes, Accounts accounts, IPasswordHasher<Account> hasher, IOptions<AccessOptions> options, TimeProvider time)
{
    public const int MaxPasswordLength = 256;
    private const int MaxNameLength = 100;

    /// <summary>What an unknown e-mail's password is compared with, so that it takes as long as a known one's.</summary>
    private readonly Lazy<string> nobodysHash = new(() => hasher.HashPassword(NewPerson("nobody@localhost", "Nobody", default), Guid.NewGuid().ToString()));

    /// <returns>Conflict when the e-mail has an account; Validation naming the field otherwise.</returns>
    public async Task<Result<Account>> CreateAsync(string email, string name, string password, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Check(email, name, password) is { } refusal)
            return refusal;
        var account = NewPerson(email.Trim(), name.Trim().Normalize(), time.GetMicrosecondNow());
        return await SaveAsync(account, password);
    }

    /// <summary>An account for programs: no password, so that nobody signs in as it.</summary>
    internal async Task<Result<Account>> CreateServiceAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (CheckName(name) is { } fault)
            return new Validation("invalid") { Fields = [fault] };
        var now = time.GetMicrosecondNow();
        var id = Guid.CreateVersion7(now);
        return await SaveAsync(new Account { Id = id, UserName = $"service-{id:n}", Name = name.Trim().Normalize(), Kind = AccountKind.Service, CreatedAt = now }, null);
    }

    /// <summary>For the bootstrap only, which runs before anybody is a member of anything.</summary>
    internal async Task<Result<Account>> CreateOrResetAsync(string email, string name, string password, CancellationToken cancellationToken)
    {
        if (Check(email, name, password) is { } refusal)
            return refusal;
        if (await FindAsync(email, cancellationToken) is not { } left)
            return await CreateAsync(email, name, password, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await manager.FindByIdAsync(left.Id.ToString()) ?? throw new InvalidOperationException("The account was found a moment ago.");
        (account.PasswordHash, account.Name) = (hasher.HashPassword(account, password), name.Trim().Normalize());
        await manager.UpdateSecurityStampAsync(account);
        return account;
    }

    /// <summary>Lets an account keep the tenants. For the bootstrap, the demo and the verb <c>operator</c>; no endpoint leads here.</summary>
    public async Task<bool> MakeOperatorAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        return await db.Users.Where(row => row.Id == user.Value && row.Kind == AccountKind.Person).ExecuteUpdateAsync(row => row.SetProperty(found => found.IsOperator, true), cancellationToken) == 1;
    }

    public async Task<Account?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var normalized = Normalize(email);
        await using var db = accounts.Open();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(account => account.NormalizedEmail == normalized && account.Kind == AccountKind.Person, cancellationToken);
    }

    /// <summary>Compares a password. Each try is counted before it is looked at, so that many at once are not free; the right one sets the count back.</summary>
    /// <returns>The same refusal, after the same work, for an unknown e-mail, a wrong password and an account that rests.</returns>
    internal async Task<Result<Account>> VerifyAsync(string email, string password, CancellationToken cancellationToken)
    {
        var account = password.Length <= MaxPasswordLength ? await FindAsync(email, cancellationToken) : null;
        var counted = account is not null && await CountTryAsync(account.Id, cancellationToken);
        var compared = hasher.VerifyHashedPassword(account ?? NewPerson("", "", default), account?.PasswordHash ?? nobodysHash.Value, password.Length <= MaxPasswordLength ? password : "");
        if (account?.PasswordHash is null || !counted || compared == PasswordVerificationResult.Failed)
            return AccessErrors.WrongCredentials;
        await using var db = accounts.Open();
        await db.Users.Where(row => row.Id == account.Id).ExecuteUpdateAsync(
            row => row.SetProperty(found => found.AccessFailedCount, 0).SetProperty(found => found.LockoutEnd, (DateTimeOffset?)null), cancellationToken);
        return account;
    }

    private async Task<bool> CountTryAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        var (limit, until) = (options.Value.LockOutAfter, now.AddMinutes(options.Value.LockOutMinutes));
        await using var db = accounts.Open();
        var counted = await db.Users.Where(row => row.Id == id && (row.LockoutEnd == null || row.LockoutEnd <= now)).ExecuteUpdateAsync(
            row => row
                .SetProperty(found => found.LockoutEnd, found => found.AccessFailedCount + 1 >= limit ? until : null)
                .SetProperty(found => found.AccessFailedCount, found => found.AccessFailedCount + 1 >= limit ? 0 : found.AccessFailedCount + 1),
            cancellationToken);
        return counted == 1;
    }

    private async Task<Result<Account>> SaveAsync(Account account, string? password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        try
        {
            var made = password is null ? await manager.CreateAsync(account) : await manager.CreateAsync(account, password);
            return made.Succeeded ? account : Explain(made);
        }
        catch (DbUpdateException exception) when (exception.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            return AccessErrors.EmailTaken;
        }
    }

    private static Conflict Explain(IdentityResult refused)
    {
        var codes = refused.Errors.Select(error => error.Code).ToList();
        if (codes.Any(code => code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName)))
            return AccessErrors.EmailTaken;
        throw new InvalidOperationException($"An account was refused for a reason without a sentence: {string.Join(", ", codes)}.");
    }

    private static Validation? Check(string email, string name, string password)
    {
        List<FieldFault> faults = [];
        if (!IsEmail(email))
            faults.Add(new FieldFault("email", "access.email_invalid"));
        if (CheckName(name) is { } fault)
            faults.Add(fault);
        if (CheckPassword(password) is { } weak)
            faults.Add(weak);
        return faults.Count == 0 ? null : new Validation("invalid") { Fields = [.. faults] };
    }

    internal static FieldFault? CheckPassword(string password) => password.Length switch
    {
        < 12 => new FieldFault("password", "access.password_short", "12"),
        > MaxPasswordLength => new FieldFault("password", "access.password_long", AccessErrors.Text(MaxPasswordLength)),
        _ => null,
    };

    internal static bool IsEmail(string email) =>
        email.Length <= 254 && !email.Any(char.IsControl) && MailAddress.TryCreate(email.Trim(), out var address) && address.Address == email.Trim();

    private static FieldFault? CheckName(string name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl)
            ? new FieldFault("name", "access.name_invalid", AccessErrors.Text(MaxNameLength))
            : null;

    private static string Normalize(string email) => email.Trim().Normalize().ToUpperInvariant();

    private static Account NewPerson(string email, string name, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(), UserName = email, Email = email, Name = name, Kind = AccountKind.Person, CreatedAt = now, LockoutEnabled = true };
}
