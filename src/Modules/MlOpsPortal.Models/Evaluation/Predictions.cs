using System.Globalization;
using System.Text;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Stored predictions: CSV of row, actual, predicted and, where there is one, the heuristic's score; of several classes row, number of the actual class and
/// one probability per class. Doubles to the last bit. A file that was written here and is hashed in its blob row, so it is read without suspicion, but without trust in its length.</summary>
internal static class Predictions
{
    private const string Header = "row,actual,predicted";
    private const string HeaderWithHeuristic = "row,actual,predicted,heuristic";
    private const string HeaderOfClasses = "row,actual,probability_0";

    public static void Write(string path, ScoredRows rows, double[]? heuristic)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        var width = rows.Width;
        writer.WriteLine(width > 1 ? "row,actual," + string.Join(',', Enumerable.Range(0, width).Select(index => $"probability_{index}")) : heuristic is null ? Header : HeaderWithHeuristic);
        var line = new StringBuilder();
        for (var row = 0; row < rows.Actual.Length; row++)
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{row},{rows.Actual[row]:R}");
            for (var answer = 0; answer < width; answer++)
                line.Append(CultureInfo.InvariantCulture, $",{rows.Predicted[(row * width) + answer]:R}");
            if (heuristic is not null)
                line.Append(CultureInfo.InvariantCulture, $",{heuristic[row]:R}");
            writer.WriteLine(line);
        }
    }

    public static async Task<StoredPredictions> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content);
        var header = await reader.ReadLineAsync(cancellationToken) ?? "";
        var hasHeuristic = header == HeaderWithHeuristic;
        var width = header.StartsWith(HeaderOfClasses, StringComparison.Ordinal) ? header.Split(',').Length - 2 : 1;
        var actual = new List<double>();
        var predicted = new List<double>();
        var heuristic = new List<double>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var parts = line.Split(',');
            actual.Add(Number(parts[1]));
            for (var answer = 0; answer < width; answer++)
                predicted.Add(Number(parts[2 + answer]));
            if (hasHeuristic)
                heuristic.Add(Number(parts[3]));
        }

        return new StoredPredictions([.. actual], [.. predicted], hasHeuristic ? [.. heuristic] : null);
    }

    public static bool[] Truth(double[] actual) => Array.ConvertAll(actual, value => value > 0.5);

    public static int[] Classes(double[] actual) => Array.ConvertAll(actual, value => (int)value);

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>One row per row of the dataset version; of several classes one predicted probability per class and row.</summary>
internal sealed record StoredPredictions(double[] Actual, double[] Predicted, double[]? Heuristic);
