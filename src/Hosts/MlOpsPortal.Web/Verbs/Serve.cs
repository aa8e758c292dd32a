using Microsoft.Extensions.Options;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>serve</c>: the portal. Refuses to start without configured credentials; nothing is invented.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Portal.Build(args);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException invalid)
        {
            foreach (var failure in invalid.Failures)
                await Console.Error.WriteLineAsync(failure);
            return 2;
        }
    }
}
