using MlOpsPortal.Web.Composition;
using MlOpsPortal.Web.Demo;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>demo --samples &lt;folder&gt; --output &lt;file&gt;</c>: the demo tenant with the retail story, through the real use cases.</summary>
internal static class Demo
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new ConfigurationBuilder().AddCommandLine(args).Build();
        if (options["samples"] is not { } samples || options["output"] is not { } output)
        {
            await Console.Error.WriteLineAsync("Use: demo --samples <folder> --output <file>");
            return 2;
        }

        // A portal of its own, which nobody else is told of: jobs and events run as they do in a serving one.
        await using var app = Portal.Build(["--urls", "http://127.0.0.1:0"]);
        await app.StartAsync();
        await Seed(app.Services).RunAsync(samples, output, new Uri(app.Urls.First()), app.Lifetime.ApplicationStopping);
        await app.StopAsync();
        return 0;
    }

    private static DemoSeed Seed(IServiceProvider services)
    {
        var files = ActivatorUtilities.CreateInstance<DemoFiles>(services);
        var runs = ActivatorUtilities.CreateInstance<DemoRuns>(services);
        return ActivatorUtilities.CreateInstance<DemoSeed>(
            services,
            ActivatorUtilities.CreateInstance<DemoPeople>(services),
            ActivatorUtilities.CreateInstance<RetailStory>(services, ActivatorUtilities.CreateInstance<RetailRecord>(services)),
            ActivatorUtilities.CreateInstance<RetailData>(services, files),
            ActivatorUtilities.CreateInstance<RetailModels>(services, files),
            ActivatorUtilities.CreateInstance<RetailExperiments>(services, runs),
            ActivatorUtilities.CreateInstance<RetailRegistry>(services, runs, files),
            ActivatorUtilities.CreateInstance<RetailRelease>(services, files),
            ActivatorUtilities.CreateInstance<RetailWatch>(services, files),
            ActivatorUtilities.CreateInstance<RetailTalk>(services),
            ActivatorUtilities.CreateInstance<RetailValue>(services, files));
    }
}
