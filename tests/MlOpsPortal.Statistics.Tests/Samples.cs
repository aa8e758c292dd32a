using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace MlOpsPortal.Statistics.Tests;

/// <summary>The sample data sets with the predictions and judgements of established libraries.</summary>
internal static class Samples
{
    private static readonly string Root = typeof(Samples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "SamplesFolder").Value!;

    public static string Folder => Root;

    public static readonly string[] BinaryFolders = ["breast_cancer", "adult", "german_credit", "retail/response_model"];

    public static readonly string[] RegressionFolders = ["diabetes", "bike"];

    public static IEnumerable<TheoryDataRow<string, string>> BinaryModels() => Models(BinaryFolders);

    public static IEnumerable<TheoryDataRow<string, string>> RegressionModels() => Models(RegressionFolders);

    public static IEnumerable<TheoryDataRow<string>> BinaryFolderRows() => BinaryFolders.Select(folder => new TheoryDataRow<string>(folder));

    public static JsonElement Json(params string[] path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine([Root, .. path])));
        return document.RootElement.Clone();
    }

    public static Predictions Read(string folder, string model)
    {
        var lines = Table(folder, "predictions", model + ".csv").Skip(1).ToArray();
        double[] Column(int index) => [.. lines.Select(line => double.Parse(line[index], CultureInfo.InvariantCulture))];
        return new Predictions(Column(1), Column(2), Column(3));
    }

    /// <summary>Cells by row, header first. The samples quote nothing.</summary>
    public static string[][] Table(params string[] path) => [.. File.ReadLines(Path.Combine([Root, .. path])).Select(line => line.Split(','))];

    public static void ShouldBe(this double actual, JsonElement expected, string what, double relative = 1e-9)
    {
        var value = expected.GetDouble();
        var allowed = Math.Max(relative * Math.Abs(value), 1e-15);
        Math.Abs(actual - value).ShouldBeLessThanOrEqualTo(allowed, $"{what}: {actual:R}, expected {value:R}");
    }

    private static IEnumerable<TheoryDataRow<string, string>> Models(string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder, "predictions"), "*.csv").Order(StringComparer.Ordinal)
        select new TheoryDataRow<string, string>(folder, Path.GetFileNameWithoutExtension(file));
}

internal sealed record Predictions(double[] Outcome, double[] Exported, double[] Native)
{
    public bool[] Truth { get; } = [.. Outcome.Select(value => value == 1)];
}
