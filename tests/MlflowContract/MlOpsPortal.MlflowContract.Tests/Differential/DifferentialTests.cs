using System.Net.Http.Headers;
using MlOpsPortal.MlflowContract.Environments;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>The same calls at MLflow's own server and at the portal: the same answers, but for what is listed as better. What MLflow answers is held against the file of the call too.</summary>
[Collection(typeof(MlflowCollection))]
public sealed class DifferentialTests(PortalFixture portal, MlflowEnvironments environments, ITestOutputHelper output)
{
    private const int Fewest = 250;

    [Fact]
    public async Task The_portal_answers_every_call_as_MLflow_does_or_better_as_listed()
    {
        var calls = CallFiles.Read(ProjectFolder.Calls);
        calls.Count.ShouldBeGreaterThanOrEqualTo(Fewest);
        calls.GroupBy(call => call.Title, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();
        var improvements = Improvement.Read(ProjectFolder.Improvements);
        improvements.Keys.Except(calls.Select(call => call.Title), StringComparer.Ordinal).ShouldBeEmpty();

        var tenant = await portal.TenantAsync("Differential");
        await using var server = await MlflowServer.StartAsync(environments.CurrentPython, TestContext.Current.CancellationToken);
        using var theirs = new Player(server.Url, null);
        using var ours = new Player(portal.Url, new AuthenticationHeaderValue("Bearer", tenant[Role.DataScientist].Token));
        var (faults, equal, better) = (new List<string>(), 0, 0);
        foreach (var call in calls)
        {
            var expected = await theirs.PlayAsync(call, TestContext.Current.CancellationToken);
            var got = await ours.PlayAsync(call, TestContext.Current.CancellationToken);
            var verdict = Comparison.Of(call, expected, got, improvements.GetValueOrDefault(call.Title), TimeProvider.System.GetUtcNow());
            if ((Comparison.OfCorpus(call, expected) ?? verdict.Fault) is { } fault)
                faults.Add(fault);
            else if (verdict.IsImprovement)
                better++;
            else
                equal++;
        }

        output.WriteLine($"{calls.Count} calls: {equal} equal, {better} better as listed, {faults.Count} different.");
        if (Environment.GetEnvironmentVariable("MLOPSPORTAL_WRITE_DIFFERENCES") is { Length: > 0 } file)
            await File.WriteAllTextAsync(file, $"{calls.Count} calls: {equal} equal, {better} better, {faults.Count} different\n\n{string.Join("\n\n", faults)}\n", TestContext.Current.CancellationToken);
        faults.ShouldBeEmpty(string.Join("\n\n", faults.Take(20)));
    }
}
