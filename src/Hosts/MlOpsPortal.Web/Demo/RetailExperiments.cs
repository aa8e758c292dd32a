using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Web.Demo;

/// <summary>What was tried before the models of stage 3: a small grid of logistic regressions, fitted here and now on the messages of 2024 and logged as a
/// data scientist's own code would log them. The last fifth of the training rows, by time, is what they are judged on.</summary>
internal sealed class RetailExperiments(DemoRuns runs, TimeProvider time)
{
    private const string Name = "response_model: logistic regression";
    private const string Parent = "grid";
    private const string Best = "best_val_auc";
    private const int Epochs = 15;
    private const int Every = 4; // each fourth row: a demo waits for it
    private const int Seed = 20240101;
    private static readonly string[] Numbers = ["discount_percent", "price", "distance_km", "affinity", "visits_90d", "days_since_visit", "spend_90d", "household_size"];

    public async Task TryAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, string samples, CancellationToken cancellationToken)
    {
        var scientist = people[Role.DataScientist];
        var id = await runs.EnsureExperimentAsync(scientist, project, Name, "What a plain model reaches on the messages of 2024. Judged on the last fifth of the training rows by time; the test quarter was not looked at.", cancellationToken);
        var done = await runs.OfAsync(scientist, id, cancellationToken);
        if (done.Any(run => run.Info is { Name: Parent, Status: RunStatus.Finished }))
            return;
        var file = Path.Combine(samples, "retail", "messages_2024_train.csv");
        var (train, validation) = await ReadAsync(file, cancellationToken);
        var parent = done.FirstOrDefault(run => run.Info.Name == Parent)?.Info.Id.ToString()
            ?? await StartAsync(scientist, id, Parent, [KeyValuePair.Create("mlflow.note.content", "Rates and penalties of a logistic regression, to know what a plain model reaches before trees are tried.")], cancellationToken);
        var number = 0;
        foreach (var settings in Grid())
        {
            number++;
            var name = FormattableString.Invariant($"lr {settings.LearningRate} l2 {settings.L2} batch {settings.BatchSize}");
            if (done.Any(run => run.Info.Name == name && run.Info.Status == RunStatus.Finished))
                continue;
            var run = await StartAsync(scientist, id, name, [KeyValuePair.Create("mlflow.parentRunId", parent), KeyValuePair.Create("model", "logistic regression")], cancellationToken);
            await runs.TrainedOnAsync(scientist, run, RetailData.Name, file, train.Outcomes.Length + validation.Outcomes.Length, cancellationToken);
            await FitAsync(scientist, run, settings, train, validation, Seed + number, cancellationToken);
        }

        await SumUpAsync(scientist, id, parent, cancellationToken);
    }

    /// <summary>A grid says of itself what its best run reached, and with what.</summary>
    private async Task SumUpAsync(Caller scientist, string experiment, string parent, CancellationToken cancellationToken)
    {
        var best = (await runs.OfAsync(scientist, experiment, cancellationToken)).Where(run => run.Value(Best) is not null).MaxBy(run => run.Value(Best))!; // the grid is not empty
        await runs.LogAsync(
            scientist, parent,
            new LogBatch([new(Best, best.Value(Best)!.Value, time.GetUtcNow().ToUnixTimeMilliseconds(), 0)], [.. best.Params.Where(param => param.Key != "seed")], [KeyValuePair.Create("best run", best.Info.Name)]), cancellationToken);
        await runs.FinishAsync(scientist, parent, cancellationToken);
    }

    private static IEnumerable<FitSettings> Grid() =>
        from rate in (double[])[0.03, 0.1, 0.3, 1]
        from penalty in (double[])[0, 0.001, 0.03]
        select new FitSettings(rate, penalty, penalty == 0.001 ? 64 : 256, Epochs);

    private async Task<string> StartAsync(Caller scientist, string experiment, string name, KeyValuePair<string, string>[] tags, CancellationToken cancellationToken) =>
        (await runs.StartAsync(scientist, experiment, name, "demo/LogisticFit", tags, cancellationToken)).Id.ToString();

    private async Task FitAsync(Caller scientist, string run, FitSettings settings, FitRows train, FitRows validation, int seed, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] chosen =
        [
            KeyValuePair.Create("learning_rate", Text(settings.LearningRate)), KeyValuePair.Create("l2", Text(settings.L2)), KeyValuePair.Create("batch_size", Text(settings.BatchSize)),
            KeyValuePair.Create("epochs", Text(settings.Epochs)), KeyValuePair.Create("seed", Text(seed)),
        ];
        await runs.LogAsync(scientist, run, new LogBatch([], chosen, []), cancellationToken);
        var points = new List<LoggedMetric>();
        foreach (var epoch in LogisticFit.Run(train, validation, settings, seed))
        {
            var at = time.GetUtcNow().ToUnixTimeMilliseconds();
            points.AddRange([new("train_loss", epoch.TrainLoss, at, epoch.Epoch), new("val_loss", epoch.ValLoss, at, epoch.Epoch), new("val_auc", epoch.ValAuc, at, epoch.Epoch), new("gradient_norm", epoch.GradientNorm, at, epoch.Epoch)]);
        }

        points.Add(new(Best, points.Where(point => point.Key == "val_auc").Max(point => point.Value), points[^1].Timestamp, 0));
        await runs.LogAsync(scientist, run, new LogBatch(points, [], []), cancellationToken);
        await runs.FinishAsync(scientist, run, cancellationToken);
    }

    /// <summary>The rows in their order, which is time: four fifths to train, one to judge. Means and deviations are the training rows'.</summary>
    private static async Task<(FitRows Train, FitRows Validation)> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        var head = lines[0].Split(',');
        var places = Numbers.Select(name => Array.IndexOf(head, name)).ToArray();
        var (city, outcome) = (Array.IndexOf(head, "city_type"), Array.IndexOf(head, RetailData.Target));
        var rows = lines.Skip(1).Where((_, index) => index % Every == 0).Select(line => line.Split(',')).Select(cells => (
            Features: (double[])[1, .. places.Select(place => Number(cells[place])), cells[city] == "rural" ? 1 : 0, cells[city] == "urban" ? 1 : 0], Outcome: cells[outcome] == "1")).ToArray();
        var cut = rows.Length * 4 / 5;
        for (var column = 1; column < rows[0].Features.Length; column++)
        {
            var values = rows.Take(cut).Select(row => row.Features[column]).ToArray();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            foreach (var row in rows)
                row.Features[column] = (row.Features[column] - mean) / (deviation == 0 ? 1 : deviation);
        }

        return (Part(rows[..cut]), Part(rows[cut..]));

        static FitRows Part((double[] Features, bool Outcome)[] part) => new([.. part.Select(row => row.Features)], [.. part.Select(row => row.Outcome)]);

        // Prices, distances and days are long-tailed: their logarithm is what a line can follow. A missing one counts as none.
        static double Number(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? Math.Log(1 + Math.Max(0, value)) : 0;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
