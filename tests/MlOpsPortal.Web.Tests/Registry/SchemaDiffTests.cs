using System.Collections.Immutable;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Web.Components.Pages.Registry;

namespace MlOpsPortal.Web.Registry;

public sealed class SchemaDiffTests
{
    private static readonly ImmutableArray<ModelField> before = [new("a", "double", true, null), new("b", "long", true, null), new("c", "string", true, null)];
    private static readonly ImmutableArray<ModelField> after = [new("b", "long", true, null), new("a", "float", false, null), new("d", "string", true, null)];

    [Fact]
    public void What_was_added_removed_changed_or_moved_is_named()
    {
        SchemaDiff.Of(before, after, ignoreOrder: false).Select(row => (row.Name, row.Left, row.Right, row.Change)).ShouldBe(
        [
            ("a", "double", "float, optional", SchemaChange.Changed), ("b", "long", "long", SchemaChange.Moved), ("c", "string", null, SchemaChange.Removed), ("d", null, "string", SchemaChange.Added),
        ]);
    }

    [Fact]
    public void A_column_that_only_stands_elsewhere_is_the_same_when_order_is_ignored() =>
        SchemaDiff.Of(before, after, ignoreOrder: true).Single(row => row.Name == "b").Change.ShouldBe(SchemaChange.Same);

    [Fact]
    public void No_signature_has_no_fields() => SchemaDiff.Of(null, null, ignoreOrder: false).ShouldBeEmpty();
}
