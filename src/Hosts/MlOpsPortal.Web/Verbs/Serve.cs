using Microsoft.Extensions.Options;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>serve</c>: the portal. Refuses to start without configured credentials; nothing is invented.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Portal.Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (Faults(exception) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync("The portal does not start with this configuration:");
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync("  " + fault);
            return 2;
        }
    }

    private static List<string> Faults(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Faults)],
        _ => [],
    };
}
