using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Contracts;

/// <summary>A dataset version, as far as models care.</summary>
/// <param name="Name">"messages_2024 v2", as pages show it.</param>
/// <param name="Parquet">The rows.</param>
/// <param name="Target">The column that its owner declared to be predicted.</param>
internal sealed record DatasetFacts(
    VersionRef Version, ProjectId Project, string Name, DatasetRole Role, long Rows, BlobRow Parquet, ImmutableArray<SchemaColumn> Columns, string? Target)
{
    /// <summary>Name of the file that it was read from; null for a split.</summary>
    public string? File { get; init; }
    public string? FileSha256 { get; init; }

    /// <summary>The version that it is a part of.</summary>
    public VersionRef? SplitOf { get; init; }
}

/// <summary>Where dataset versions come from.</summary>
internal interface IDatasetSource
{
    /// <returns>A version that can be read; not found when it is absent or hidden.</returns>
    Task<Result<DatasetFacts>> GetAsync(Caller caller, VersionRef version, CancellationToken cancellationToken);
}

/// <summary>Dataset versions out of the project's catalogue.</summary>
internal sealed class CatalogSource(IDatasetCatalog catalog) : IDatasetSource
{
    private const int ListedValues = 20;

    public async Task<Result<DatasetFacts>> GetAsync(Caller caller, VersionRef version, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(caller, version, cancellationToken);
        return found.IsOk ? Facts(found.Value) : found.Refusal is NotFound ? ModelsErrors.NoDataset() : found.Refusal;
    }

    private static DatasetFacts Facts(VersionFacts facts)
    {
        var profiles = facts.Profile.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        return new DatasetFacts(
            facts.Version, facts.Project, $"{facts.DatasetName} v{facts.Version.Number.ToString(CultureInfo.InvariantCulture)}", facts.Role, facts.Rows,
            new BlobRow { Id = facts.Data.Blob, Length = facts.Data.Length, Sha256 = facts.Data.Sha256, Purpose = "dataset" },
            [.. facts.Columns.Select(column => Column(column, profiles.GetValueOrDefault(column.Name)))], facts.Target)
        {
            File = facts.Origin?.File,
            FileSha256 = facts.Origin?.Source?.Sha256,
            SplitOf = facts.Origin?.SplitOf,
        };
    }

    private static SchemaColumn Column(ColumnSchema column, ColumnProfile? profile) => new(
        column.Name, TypeOf(column.Type), profile?.Missing ?? 0, profile is { Distinct: <= ListedValues } ? [.. profile.Top.Select(value => Word(column.Type, value.Value))] : []);

    /// <summary>Classes are named as the scorer reads them: 1 and 1.0 are one class.</summary>
    private static string Word(ColumnType type, string value) =>
        type == ColumnType.Number && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : value;

    private static FeatureType? TypeOf(ColumnType type) => type switch
    {
        ColumnType.Integer => FeatureType.Integer,
        ColumnType.Number => FeatureType.Number,
        ColumnType.Boolean => FeatureType.Boolean,
        ColumnType.Text => FeatureType.Text,
        ColumnType.Date or ColumnType.Timestamp => null,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A column type without a feature type."),
    };
}
