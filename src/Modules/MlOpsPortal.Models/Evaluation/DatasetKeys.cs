using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>The rows of a dataset version by what a prediction file calls them, with their outcomes.</summary>
internal sealed class DatasetKeys
{
    private readonly Dictionary<string, int>? byKey;
    private readonly bool isNumber;
    private readonly List<string> names = [];

    private DatasetKeys(double[] actual, Dictionary<string, int>? byKey, bool isNumber) => (Actual, this.byKey, this.isNumber) = (actual, byKey, isNumber);

    public double[] Actual { get; }

    /// <param name="key">Null: rows go by their number, from 0.</param>
    /// <exception cref="UnfitRowException">A column is missing, a key is not one row's alone, a row has no outcome.</exception>
    public static DatasetKeys Read(DuckDbConnection connection, string data, ModelContract contract, string? key)
    {
        DatasetScorer.RequireColumns(connection, data, key is null ? [contract.Target] : [contract.Target, key]);
        var total = DatasetScorer.Count(connection, data);
        var column = key is null ? "NULL::VARCHAR" : $"CAST({DuckDbSql.Identifier(key)} AS VARCHAR)";
        var byNumber = key is not null && IsNumber(connection, data, key);
        var keys = new DatasetKeys(new double[total], key is null ? null : new Dictionary<string, int>(total, StringComparer.Ordinal), byNumber);
        var outcome = new OutcomeColumn(contract, 1);
        var (empty, twice) = (0, 0);
        using var reader = connection.Query($"SELECT {column}, {DuckDbSql.Identifier(contract.Target)} FROM read_parquet({DuckDbSql.Literal(data)})");
        for (var row = 0; reader.Read(); row++)
        {
            keys.Actual[row] = outcome.Read(reader, row);
            if (keys.byKey is null)
                continue;
            var name = reader.IsNull(0) ? "" : keys.Plain(reader.GetString(0));
            keys.names.Add(name);
            empty += reader.IsNull(0) ? 1 : 0;
            twice += keys.byKey.TryAdd(name, row) || reader.IsNull(0) ? 0 : 1;
        }

        return empty + twice == 0 ? keys : throw new UnfitRowException("models.key_not_unique", key!, Text(empty), Text(twice)); // counted only with a key
    }

    public int? Find(string key)
    {
        if (byKey is not null)
            return byKey.TryGetValue(Plain(key), out var row) ? row : null;
        return int.TryParse(key, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0 && number < Actual.Length ? number : null;
    }

    public string Name(int row) => byKey is null ? Text(row) : names[row];

    /// <summary>Where keys are numbers, 1 and 1.0 are one; where they are texts, 007 stays what it is.</summary>
    private string Plain(string key) =>
        !isNumber || long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) || !double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? key
            : number.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsNumber(DuckDbConnection connection, string data, string key)
    {
        using var head = connection.Query($"SELECT {DuckDbSql.Identifier(key)} FROM read_parquet({DuckDbSql.Literal(data)}) LIMIT 0");
        return FeatureBatch.IsNumber(head.Columns[0].Type);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
