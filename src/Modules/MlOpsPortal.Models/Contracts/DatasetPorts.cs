using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Datasets;

/// <summary>One immutable state of a dataset.</summary>
public readonly record struct DatasetVersionId(Guid Value) : IId<DatasetVersionId>
{
    public static DatasetVersionId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out DatasetVersionId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What a dataset version is for.</summary>
public enum DatasetRole
{
    None,
    Training,
    Validation,
    Test,
}
