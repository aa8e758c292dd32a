using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Datasets;

/// <summary>A dataset of a project, with all its versions.</summary>
public readonly record struct DatasetId(Guid Value) : IId<DatasetId>
{
    public static DatasetId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out DatasetId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
