using MlOpsPortal.Access;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>bootstrap --tenant "Alder Stores" --slug alder --email ana@alder.example --name "Ana Reyes"</c>: the first tenant and its administrator,
/// once, while there is nobody. The password comes from the environment (<c>Bootstrap__Password</c>) or from standard input, never from the command line.
/// <c>--if-needed true</c> says nothing when there is somebody already.</summary>
internal static class Bootstrap
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new ConfigurationBuilder().AddCommandLine(args).Build();
        string[] needed = ["tenant", "slug", "email", "name"];
        var missing = needed.Where(name => string.IsNullOrWhiteSpace(options[name])).ToList();
        if (missing.Count > 0)
        {
            await Console.Error.WriteLineAsync($"Missing: {string.Join(", ", missing.Select(name => "--" + name))}.");
            return 2;
        }

        await using var app = Portal.Build([]);
        var password = app.Configuration["Bootstrap:Password"] ?? await AskAsync();
        var made = await AccessModule.BootstrapAsync(app.Services, options["tenant"]!, options["slug"]!, options["email"]!, options["name"]!, password); // checked above
        if (made.IsOk)
        {
            Console.WriteLine($"{options["email"]} is the administrator of {options["tenant"]}. Sign in at /sign-in.");
            return 0;
        }

        if (made.Refusal is Conflict && options.GetValue("if-needed", defaultValue: false))
            return 0;
        await Console.Error.WriteLineAsync(app.Services.GetRequiredService<RefusalTexts>().Sentence(made.Refusal));
        return 1;
    }

    private static async Task<string> AskAsync()
    {
        Console.Write("Password for the administrator (at least 12 characters): ");
        return await Console.In.ReadLineAsync() ?? "";
    }
}
