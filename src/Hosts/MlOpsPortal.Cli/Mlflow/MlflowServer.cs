using System.Runtime.CompilerServices;
using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>MLflow's REST API, of a plain server and of the portal alike. The other parts of this class stand beside it, one file per area.</summary>
internal sealed partial class MlflowServer(MlflowConnection connection)
{
    private const string Api = "api/2.0/mlflow/";

    /// <summary>Servers before 3 have no logged models.</summary>
    private bool withoutLoggedModels;

    public string Name => connection.Name;

    public Address Address => connection.Address;

    /// <summary>Whether somebody is there who speaks MLflow and lets us in.</summary>
    public async Task GreetAsync(CancellationToken stop)
    {
        try
        {
            await connection.FirstAsync<ExperimentPage>(Api + "experiments/search", stop, ("max_results", "1"));
        }
        catch (MlflowRefusal refusal) when (refusal.Code.Length == 0)
        {
            throw new CliFailure($"{Name} is not an MLflow server: it answers {refusal.Message} where MLflow lists its experiments.", refusal);
        }
        catch (MlflowRefusal refusal)
        {
            throw new CliFailure($"{Name} does not let us read experiments: {refusal.Message}", refusal);
        }
    }

    /// <summary>All pages, one after the other.</summary>
    private static async IAsyncEnumerable<T> PagesAsync<T>(Func<string?, Task<(IReadOnlyList<T> Items, string? Next)>> page, [EnumeratorCancellation] CancellationToken stop)
    {
        string? next = null;
        do
        {
            stop.ThrowIfCancellationRequested();
            (var items, next) = await page(next);
            foreach (var item in items) yield return item;
        }
        while (!string.IsNullOrEmpty(next));
    }
}
