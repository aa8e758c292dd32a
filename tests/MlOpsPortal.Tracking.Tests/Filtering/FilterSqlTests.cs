using System.Collections.Immutable;
using Microsoft.AspNetCore.DataProtection;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Tests.Filtering;

public sealed class FilterSqlTests
{
    [Fact]
    public void Values_are_parameters_and_never_text()
    {
        var (sql, parameters) = Sql("params.`k'; DROP TABLE x --` = '''; DROP TABLE y --' OR NOT (metrics.m > 1 AND tags.t IS NULL)");

        sql.ShouldBe(
            "(EXISTS (SELECT 1 FROM param p WHERE p.run = r.no AND p.key = @f0 AND p.value = @f1)"
            + " OR (((EXISTS (SELECT 1 FROM metric m WHERE m.run = r.no AND m.key = @f2 AND (m.value > @f3 AND m.value < 'NaN'::float8))"
            + " AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.run = r.no AND t.key = @f4))) IS NOT TRUE))");
        parameters.Select(parameter => parameter.Value).ShouldBe(["k'; DROP TABLE x --", "'; DROP TABLE y --", "m", 1d, "t"]);
    }

    [Fact]
    public void Whole_numbers_stay_whole_and_lists_are_one_parameter()
    {
        var (sql, parameters) = Sql("start_time >= 9007199254740993 AND end_time < 1.5 AND run_id NOT IN ('a', 'b') AND status LIKE '100\\%_'");

        sql.ShouldBe("(r.start_time >= @f0 AND r.end_time < @f1 AND r.run_id <> ALL(@f2) AND r.status LIKE @f3 ESCAPE '')");
        parameters[0].Value.ShouldBe(9_007_199_254_740_993L);
        parameters[1].Value.ShouldBe(1.5);
        parameters[2].Value.ShouldBe((string[])["a", "b"]);
        parameters[3].Value.ShouldBe("100\\%_");
    }

    [Fact]
    public void A_page_token_is_good_for_its_tenant_and_query_alone()
    {
        var tokens = new PageTokens(new EphemeralDataProtectionProvider());
        var tenant = Id.New<TenantId>(DateTimeOffset.UnixEpoch);
        var token = tokens.Write(tenant, "q", "1", null, "é");

        tokens.Read(tenant, "q", token)!.Value.ShouldBe(["1", null, "é"]);
        tokens.Read(Id.New<TenantId>(DateTimeOffset.UnixEpoch), "q", token).ShouldBeNull();
        tokens.Read(tenant, "Q", token).ShouldBeNull();
        tokens.Read(tenant, "q", token[..^2]).ShouldBeNull();
        tokens.Read(tenant, "q", "eyJvZmZzZXQiOiA1fQ==").ShouldBeNull();
        tokens.Read(tenant, "q", "").ShouldBeNull();
    }

    private static (string Sql, ImmutableArray<NpgsqlParameter> Parameters) Sql(string text)
    {
        var sql = new FilterSql();
        sql.Filter(SearchFilter.Parse(FilterSchemas.Runs, text).Filter!, new Columns());
        return (sql.ToString(), [.. sql.Parameters]);
    }

    private sealed class Columns : IFilterColumns
    {
        public void Write(FilterTerm term, FilterSql sql) => _ = term.Entity switch
        {
            FilterEntity.Param => sql.Exists("param p WHERE p.run = r.no", "p.key", "p.value", term),
            FilterEntity.Metric => sql.Exists("metric m WHERE m.run = r.no", "m.key", "m.value", term),
            FilterEntity.Tag => sql.Exists("tag t WHERE t.run = r.no", "t.key", "t.value", term),
            _ => sql.Compare("r." + term.Key, term),
        };
    }
}
