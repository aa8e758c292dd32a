namespace MlOpsPortal.Web.Demo;

/// <summary>Makes the demo tenant, or completes it. Running it again changes nothing but the address in the file.</summary>
internal sealed class DemoSeed(DemoPeople people, RetailStory retail, IConfiguration configuration, TimeProvider time)
{
    public async Task RunAsync(string samples, string output, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var before = DemoFile.Read(output);
        var (tenant, callers, accounts) = await people.EnsureAsync(before, cancellationToken);
        var file = new DemoFile(configuration["Portal:PublicUrl"] ?? "", tenant.Slug, accounts, before?.Deployments ?? []);
        file.Write(output); // passwords first: whatever fails later, the next run knows them
        Say("people");
        await retail.BusinessAsync(callers, cancellationToken);
        Say("stage 1, business understanding");

        void Say(string step) => Console.WriteLine($"demo: {step} ({time.GetElapsedTime(started).TotalSeconds:0.0} s)");
    }
}
