using System.Collections.Immutable;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Versions;

/// <summary>Child work over Parquet that we wrote.</summary>
internal static class VersionReader
{
    public static Result<ImmutableArray<ExpectationResult>> Check(ChildRequest request, CheckSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_checking", 0.1);
        var data = request.Input(FileReader.Data);
        using var db = DatasetVerbs.Closed(request, data);
        return new QualityQuery(db, $"read_parquet({DuckDbSql.Literal(data)})", spec.Columns).Run(spec.Expectations);
    }
}
