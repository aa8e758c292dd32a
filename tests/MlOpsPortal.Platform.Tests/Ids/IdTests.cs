using System.Text.Json;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Paging;

namespace MlOpsPortal.Platform.Tests.Ids;

public sealed class IdTests
{
    [Fact]
    public void An_id_is_32_lower_case_hex_digits_everywhere()
    {
        var id = Id.New<TenantId>(DateTimeOffset.UnixEpoch);

        id.ToString().ShouldMatch("^[0-9a-f]{32}$");
        JsonSerializer.Serialize(id, PortalJson.Options).ShouldBe($"\"{id}\"");
        JsonSerializer.Deserialize<TenantId>($"\"{id}\"", PortalJson.Options).ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no id")]
    [InlineData("../../etc/passwd")]
    [InlineData("0199aaaa")]
    public void A_text_that_is_no_id_reads_as_the_id_of_nothing(string text)
    {
        TenantId.TryParse(text, null, out var id).ShouldBeTrue();
        id.Value.ShouldBe(Guid.Empty);
    }

    [Fact]
    public void Ordered_ids_sort_by_microsecond_and_place_and_are_version_7()
    {
        var now = new DateTimeOffset(2026, 3, 1, 13, 0, 0, 123, 998, TimeSpan.Zero);
        Guid[] ids = [Id.Ordered(now, 0), Id.Ordered(now, 1), Id.Ordered(now, 300), Id.Ordered(now.AddMicroseconds(1), 0), Id.Ordered(now.AddMicroseconds(2), 0), Id.Ordered(now.AddMicroseconds(1000), 0)];

        ids.Select(Id.Text).ShouldBe(ids.Select(Id.Text).Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id => id.Version == 7 && id.Variant >= 8 && id.Variant <= 11);
        Id.Ordered(now, 0).ShouldNotBe(Id.Ordered(now, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Id.Ordered(now, 1 << 14));
    }

    [Fact]
    public void A_cursor_reads_back_and_a_text_that_is_none_reads_as_no_cursor()
    {
        Cursors.Read(Cursors.Write("käse\n1")).ShouldBe("käse\n1");
        Cursors.Read("%%%").ShouldBeNull();
        Cursors.Read(new string('A', 2000)).ShouldBeNull();
    }

    [Fact]
    public void A_time_is_written_in_utc_with_microseconds() =>
        JsonSerializer.Serialize(new DateTimeOffset(2026, 3, 1, 13, 0, 0, 123, 456, TimeSpan.FromHours(2)), PortalJson.Options).ShouldBe("\"2026-03-01T11:00:00.123456Z\"");
}
