using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>operator --email ana@alder.example</c>: lets an account keep the tenants. It signs in anew to find the page.</summary>
internal static class Operator
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (new ConfigurationBuilder().AddCommandLine(args).Build()["email"] is not { Length: > 0 } email)
        {
            await Console.Error.WriteLineAsync("Use: operator --email <address>");
            return 2;
        }

        await using var app = Portal.Build([]);
        var people = app.Services.GetRequiredService<AccountDesk>();
        if (await people.FindAsync(email, CancellationToken.None) is { } account && await people.MakeOperatorAsync(account.UserId, CancellationToken.None))
        {
            Console.WriteLine($"{email} keeps the tenants now, at /operator.");
            return 0;
        }

        await Console.Error.WriteLineAsync($"No account has the address {email}.");
        return 1;
    }
}
