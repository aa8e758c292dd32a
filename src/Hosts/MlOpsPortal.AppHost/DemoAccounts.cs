using System.Text.Json;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost;

/// <summary>The part of demo.json that a person needs to sign in.</summary>
internal sealed record DemoAccounts(string? Tenant, IReadOnlyList<DemoAccounts.Account>? Accounts)
{
    internal sealed record Account(string Role, string Email, string Password);

    public static DemoAccounts Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoAccounts>(File.ReadAllText(file), JsonSerializerOptions.Web) ?? new DemoAccounts(null, []);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            throw new LaunchException($"{file}, which the portal's demo writes, cannot be read: {unreadable.Message}", unreadable);
        }
    }

    public IEnumerable<string> Lines()
    {
        var accounts = Accounts ?? [];
        var role = accounts.Select(account => account.Role.Length).DefaultIfEmpty().Max();
        var email = accounts.Select(account => account.Email.Length).DefaultIfEmpty().Max();
        return accounts.Select(account => $"  {account.Role.PadRight(role)}  {account.Email.PadRight(email)}  {account.Password}");
    }
}
