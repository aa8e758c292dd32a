using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class DatasetsErrors
{
    public static Conflict NameTaken() => new("datasets.name_taken");

    public static Conflict Archived() => new("datasets.archived");

    public static Conflict TooManyVersions() => new("datasets.too_many_versions", Dataset.MaxVersions.ToString(CultureInfo.InvariantCulture));

    public static Conflict NotReady(int number) => new("datasets.not_ready", number.ToString(CultureInfo.InvariantCulture));

    public static Conflict RoleDeclared(int number, DatasetRole role) => new("datasets.role_declared", number.ToString(CultureInfo.InvariantCulture), role.ToString());

    public static Validation NoSuchColumn(string name) => new("datasets.no_such_column", name) { Kind = ValidationKind.Unprocessable };

    public static Validation NoTraining() => new("datasets.no_training");
}
