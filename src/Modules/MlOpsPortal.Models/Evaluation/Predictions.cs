using System.Globalization;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Stored predictions: CSV of row, actual, predicted and, where there is one, the heuristic's score; doubles to the last bit.
/// A file that was written here and is hashed in its blob row, so it is read without suspicion, but without trust in its length.</summary>
internal static class Predictions
{
    private const string Header = "row,actual,predicted";
    private const string HeaderWithHeuristic = "row,actual,predicted,heuristic";

    public static void Write(string path, ScoredRows rows, double[]? heuristic)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine(heuristic is null ? Header : HeaderWithHeuristic);
        for (var row = 0; row < rows.Predicted.Length; row++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{row},{rows.Actual[row]:R},{rows.Predicted[row]:R}"));
            writer.WriteLine(heuristic is null ? "" : string.Create(CultureInfo.InvariantCulture, $",{heuristic[row]:R}"));
        }
    }

    public static async Task<StoredPredictions> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content);
        var hasHeuristic = await reader.ReadLineAsync(cancellationToken) == HeaderWithHeuristic;
        var actual = new List<double>();
        var predicted = new List<double>();
        var heuristic = new List<double>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var parts = line.Split(',');
            actual.Add(Number(parts[1]));
            predicted.Add(Number(parts[2]));
            if (hasHeuristic)
                heuristic.Add(Number(parts[3]));
        }

        return new StoredPredictions([.. actual], [.. predicted], hasHeuristic ? [.. heuristic] : null);
    }

    public static bool[] Truth(double[] actual) => Array.ConvertAll(actual, value => value > 0.5);

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>One row per row of the dataset version.</summary>
internal sealed record StoredPredictions(double[] Actual, double[] Predicted, double[]? Heuristic);
