using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Tests;

/// <summary>A sample data set with a model that somebody else trained, and what that library says of it.</summary>
public sealed record Sample(string Folder, string Model)
{
    public static readonly ImmutableArray<Sample> Binary =
    [
        new("breast_cancer", "logistic"), new("breast_cancer", "random_forest"), new("breast_cancer", "gradient_boosting"), new("breast_cancer", "lightgbm"),
        new("breast_cancer", "xgboost"), new("breast_cancer", "mlp"), new("adult", "logistic"), new("adult", "random_forest"), new("adult", "lightgbm"), new("adult", "xgboost"),
        new("german_credit", "logistic"), new("german_credit", "random_forest"), new("german_credit", "gradient_boosting"),
        new("retail/response_model", "logistic"), new("retail/response_model", "random_forest"), new("retail/response_model", "lightgbm"),
    ];

    public static readonly ImmutableArray<Sample> Regression =
    [
        new("diabetes", "ridge"), new("diabetes", "gradient_boosting"), new("diabetes", "lightgbm"), new("diabetes", "xgboost"),
        new("bike", "poisson"), new("bike", "random_forest"), new("bike", "lightgbm"), new("bike", "xgboost"),
    ];

    public static readonly ImmutableArray<Sample> Multiclass = [new("wine", "logistic"), new("wine", "random_forest"), new("wine", "lightgbm")];

    private static readonly Lock Making = new();

    public string ModelFile => Path.Combine(Root, "models", Model + ".onnx");

    public string Test => Parquet("test");

    public string Train => Parquet("train");

    public string Predictions => Path.Combine(Root, "predictions", Model + ".csv");

    public MlTask Task => Binary.Contains(this) ? MlTask.Binary : Multiclass.Contains(this) ? MlTask.Multiclass : MlTask.Regression;

    public string Target => Facts("target");

    private string Root => Path.Combine(Repository.Samples, Folder);

    public JsonNode Expected() => Read(Path.Combine(Root, "expected", Model + ".json"));

    public JsonNode ExpectedComparison() => Read(Path.Combine(Root, "expected", "comparison.json"));

    public override string ToString() => $"{Folder}/{Model}";

    /// <summary>The columns of the training version, as its profile would tell them.</summary>
    public ImmutableArray<SchemaColumn> Columns()
    {
        using var connection = DuckDbConnection.OpenInMemory();
        var columns = ImmutableArray.CreateBuilder<SchemaColumn>();
        IReadOnlyList<DuckDbColumn> known;
        using (var head = connection.Query($"SELECT * FROM read_parquet('{Train}') LIMIT 0"))
            known = head.Columns;
        foreach (var column in known)
        {
            var name = DuckDbSql.Identifier(column.Name);
            using var facts = connection.Query($"SELECT count(*) - count({name}), array_slice(list(DISTINCT CAST({name} AS VARCHAR)), 1, 5) FROM read_parquet('{Train}')");
            facts.Read();
            columns.Add(new SchemaColumn(column.Name, TypeOf(column.Type), facts.GetInt64(0), [.. facts.GetStrings(1).OfType<string>()]));
        }

        return columns.ToImmutable();
    }

    /// <summary>The retail messages come as CSV only.</summary>
    private string Parquet(string part)
    {
        var file = Path.Combine(Root, part + ".parquet");
        if (File.Exists(file))
            return file;
        var made = Path.Combine(AppContext.BaseDirectory, $"messages_2024_{part}.parquet");
        lock (Making)
        {
            if (!File.Exists(made))
            {
                using var connection = DuckDbConnection.OpenInMemory();
                connection.Execute($"COPY (SELECT * FROM read_csv('{Path.Combine(Repository.Samples, "retail", $"messages_2024_{part}.csv")}')) TO '{made}' (FORMAT parquet)");
            }
        }

        return made;
    }

    private static FeatureType? TypeOf(DuckDbType type) => type switch
    {
        DuckDbType.Varchar => FeatureType.Text,
        DuckDbType.Boolean => FeatureType.Boolean,
        DuckDbType.Float or DuckDbType.Double or DuckDbType.Decimal => FeatureType.Number,
        _ => FeatureType.Integer,
    };

    private string Facts(string key) => Read(Path.Combine(Root, "dataset.json"))[key]!.GetValue<string>();

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;
}
