using System.Text.RegularExpressions;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Architecture.Code;

/// <summary>Feature code never mentions a tenant's id: the context filters, row-level security stands behind it.</summary>
public sealed partial class TenancyTests
{
    [Fact]
    public void No_query_of_a_module_names_the_tenant() =>
        CommittedList.Differences(
            SourceProject.Running.Where(project => project.Kind == "Modules" || project.Name == "MlOpsPortal.Web").SelectMany(project => project.Sources)
                .SelectMany(file => Mentions(File.ReadAllText(file)).Select(_ => (Path.GetRelativePath(Repository.Root, file), "TenantId in a query"))),
            CommittedList.Read("exceptions.md", "Tenants in queries")).ShouldBeEmpty();

    [Theory]
    [InlineData("db.Projects.Where(row => row.TenantId == caller.Tenant)")]
    [InlineData("db.Projects.AnyAsync(\n    row => row.Name == name && row.TenantId == tenant, stop)")]
    public void A_tenant_in_a_query_is_found(string source) => Mentions(source).Count().ShouldBe(1);

    [Fact]
    public void A_key_of_a_table_is_no_query() => Mentions("row.HasKey(member => new { member.TenantId, member.UserId });").ShouldBeEmpty();

    private static IEnumerable<string> Mentions(string source) => TenantInQuery().Matches(source).Select(match => match.Value);

    [GeneratedRegex(@"\.(Where|Any|AnyAsync|All|AllAsync|Single\w*|First\w*|Count\w*|Join|GroupBy|OrderBy\w*)\([^;{}]*?\.TenantId\b", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex TenantInQuery();
}
