using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Web.Demo;

/// <summary>Makes the demo tenant, or completes it. Running it again changes nothing but the address in the file.</summary>
internal sealed class DemoSeed(DemoPeople people, RetailStory retail, RetailData data, RetailModels models, RetailExperiments experiments, RetailRegistry registry, RetailRelease release, RetailTalk talk, RetailWatch watch, RetailValue value, IConfiguration configuration, TimeProvider time)
{
    public async Task RunAsync(string samples, string output, Uri portal, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var before = DemoFile.Read(output);
        var (tenant, callers, accounts) = await people.EnsureAsync(before, cancellationToken);
        var file = new DemoFile(configuration["Portal:PublicUrl"] ?? "", tenant.Slug, accounts, before?.Deployments ?? []);
        file.Write(output); // passwords first: whatever fails later, the next run knows them
        Say("people");
        var project = await retail.BusinessAsync(callers, samples, cancellationToken);
        Say("stage 1, business understanding");
        var messages = await data.DataAsync(callers, project, samples, cancellationToken);
        await value.BeginAsync(callers, project, messages, cancellationToken);
        Say("stage 2, data acquisition");
        await experiments.TryAsync(callers, project, samples, cancellationToken);
        Say("an experiment of twelve runs");
        var approved = await models.ModelsAsync(callers, project, messages, samples, cancellationToken);
        await data.SignAsync(callers[Role.RiskManager], project, Stage.ModelDevelopment, "Better than the heuristic beyond doubt, on rows that training never saw.", cancellationToken);
        await registry.RegisterAsync(callers, project, approved.Model, samples, cancellationToken);
        Say("stage 3, model development");
        var token = accounts.Single(account => account.Email.StartsWith("lena@", StringComparison.Ordinal)).Token;
        var deployment = await release.ReleaseAsync(callers, project, approved.Model, approved.Version, samples, portal, token, cancellationToken);
        (file with { Deployments = [deployment] }).Write(output);
        await talk.TalkAsync(callers, project, cancellationToken);
        Say("stage 4, model deployment");
        await watch.WatchAsync(callers, deployment.Name, samples, cancellationToken);
        Say("stage 5, model monitoring");
        await value.EndAsync(callers, project, cancellationToken);
        Say("the KPI of 2024, measured");

        void Say(string step) => Console.WriteLine($"demo: {step} ({time.GetElapsedTime(started).TotalSeconds:0.0} s)");
    }
}
