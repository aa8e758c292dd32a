using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>What can be asked of one kind of thing.</summary>
public sealed record FilterSchema
{
    /// <summary>What the faults and a search box's help call the things: <c>runs</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whose words a refusal uses: MLflow's differ from search to search.</summary>
    public required FilterWording Wording { get; init; }

    /// <summary>By the name a user writes before the dot.</summary>
    public required ImmutableDictionary<string, FilterEntity> Entities { get; init; }

    /// <summary>MLflow's sentence about an unknown entity; {0} is what was written.</summary>
    public required string UnknownEntity { get; init; }

    public required ImmutableArray<FilterKey> Attributes { get; init; }

    public ImmutableArray<FilterKey> DatasetKeys { get; init; } = [];

    /// <summary>Attributes a list can be sorted by, as a user may write them.</summary>
    public required ImmutableArray<FilterKey> Sortable { get; init; }

    public ImmutableArray<FilterEntity> SortableEntities { get; init; } = [FilterEntity.Attribute];

    /// <summary>The same key twice in order_by is refused; otherwise the first counts.</summary>
    public bool RefuseDoubleOrder { get; init; } = true;

    /// <summary>Text need not be quoted: <c>params.lr = 0.01</c>.</summary>
    public bool BareText { get; init; }

    public FilterKey? Attribute(string key) => Find(Attributes, key);

    public FilterKey? Dataset(string key) => Find(DatasetKeys, key);

    public FilterKey? Order(string key) => Find(Sortable, key);

    private static FilterKey? Find(ImmutableArray<FilterKey> keys, string written) => keys.FirstOrDefault(key => key.Name == written || key.Aliases.AsSpan().Contains(written));
}

/// <summary>A key by name.</summary>
public sealed record FilterKey(string Name, FilterType Type, params ImmutableArray<string> Aliases)
{
    /// <summary>A fraction may be compared with it, though it has none itself.</summary>
    public bool Fractions { get; init; }

    /// <summary>A number may stand in quotes.</summary>
    public bool Quotable { get; init; }

    /// <summary>Neither LIKE nor ILIKE: it is an id.</summary>
    public bool IdOnly { get; init; }
}

public enum FilterWording
{
    Runs,
    Experiments,
    Models,
    Versions,
    LoggedModels,
}

/// <summary>The five kinds of things that can be searched.</summary>
public static class FilterSchemas
{
    private const string ThreeEntities = "Invalid entity type '{0}'. Valid entity types are ('attribute', 'tag', 'tags')";

    private static readonly ImmutableDictionary<string, FilterEntity> AttributeAndTag = Names(("attribute", FilterEntity.Attribute), ("tag", FilterEntity.Tag), ("tags", FilterEntity.Tag));

    public static readonly FilterSchema Runs = new()
    {
        Kind = "runs",
        Wording = FilterWording.Runs,
        Entities = Names(
            ("metric", FilterEntity.Metric), ("metrics", FilterEntity.Metric),
            ("parameter", FilterEntity.Param), ("parameters", FilterEntity.Param), ("param", FilterEntity.Param), ("params", FilterEntity.Param),
            ("tag", FilterEntity.Tag), ("tags", FilterEntity.Tag),
            ("attribute", FilterEntity.Attribute), ("attributes", FilterEntity.Attribute), ("attr", FilterEntity.Attribute), ("run", FilterEntity.Attribute),
            ("dataset", FilterEntity.Dataset), ("datasets", FilterEntity.Dataset)),
        UnknownEntity = "Invalid entity type '{0}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
        Attributes =
        [
            Text("run_id"), Text("run_name", "run name", "Run name", "Run Name"), Text("user_id"), Text("status"), Text("artifact_uri"),
            Time("start_time", "created", "Created") with { Fractions = true }, Time("end_time") with { Fractions = true },
        ],
        DatasetKeys = [Text("name"), Text("digest"), Text("context")],
        Sortable = [Text("run_id"), Text("run_name"), Text("user_id"), Text("status"), Text("artifact_uri"), Time("start_time", "created", "Created"), Time("end_time")],
        SortableEntities = [FilterEntity.Attribute, FilterEntity.Metric, FilterEntity.Param, FilterEntity.Tag],
    };

    public static readonly FilterSchema Experiments = new()
    {
        Kind = "experiments",
        Wording = FilterWording.Experiments,
        Entities = AttributeAndTag,
        UnknownEntity = ThreeEntities,
        Attributes = [Text("name"), Text("experiment_id") with { IdOnly = true }, Time("creation_time"), Time("last_update_time")],
        Sortable = [Text("name"), Text("experiment_id"), Time("creation_time"), Time("last_update_time")],
        RefuseDoubleOrder = false,
    };

    public static readonly FilterSchema RegisteredModels = new()
    {
        Kind = "registered models",
        Wording = FilterWording.Models,
        Entities = AttributeAndTag,
        UnknownEntity = ThreeEntities,
        Attributes = [Text("name")],
        Sortable = [Text("name"), Time("last_updated_timestamp", "timestamp")],
    };

    public static readonly FilterSchema ModelVersions = new()
    {
        Kind = "model versions",
        Wording = FilterWording.Versions,
        Entities = AttributeAndTag,
        UnknownEntity = ThreeEntities,
        Attributes = [Text("name"), Time("version_number") with { Quotable = true }, Text("run_id"), Text("source_path")],
        Sortable = [Text("name"), Time("version_number"), Time("creation_timestamp"), Time("last_updated_timestamp")],
    };

    public static readonly FilterSchema LoggedModels = new()
    {
        Kind = "logged models",
        Wording = FilterWording.LoggedModels,
        Entities = Names(("attributes", FilterEntity.Attribute), ("metrics", FilterEntity.Metric), ("params", FilterEntity.Param), ("tags", FilterEntity.Tag)),
        UnknownEntity = "Invalid entity type: '{0}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
        Attributes =
        [
            Text("name"), Text("model_id"), Text("model_type"), Text("status"), Text("source_run_id"), Text("experiment_id"), Text("artifact_location", "artifact_uri"), Text("status_message"),
            Time("creation_timestamp_ms", "creation_timestamp", "creation_time") with { Fractions = true, Quotable = true },
            Time("last_updated_timestamp_ms", "last_updated_timestamp", "last_updated_time") with { Fractions = true, Quotable = true },
        ],
        Sortable =
        [
            Text("name"), Text("model_id"), Text("model_type"), Text("status"), Text("source_run_id"), Text("experiment_id"),
            Time("creation_timestamp_ms", "creation_timestamp", "creation_time"), Time("last_updated_timestamp_ms", "last_updated_timestamp", "last_updated_time"),
        ],
        SortableEntities = [FilterEntity.Attribute, FilterEntity.Metric],
        RefuseDoubleOrder = false,
        BareText = true,
    };

    private static FilterKey Text(string name, params ImmutableArray<string> aliases) => new(name, FilterType.Text, aliases);

    private static FilterKey Time(string name, params ImmutableArray<string> aliases) => new(name, FilterType.Whole, aliases);

    private static ImmutableDictionary<string, FilterEntity> Names(params ReadOnlySpan<(string Name, FilterEntity Entity)> names)
    {
        var builder = ImmutableDictionary.CreateBuilder<string, FilterEntity>(StringComparer.Ordinal);
        foreach (var (name, entity) in names)
            builder.Add(name, entity);
        return builder.ToImmutable();
    }
}
