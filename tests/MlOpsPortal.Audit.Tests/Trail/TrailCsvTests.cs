using System.Text;
using System.Text.Json;
using MlOpsPortal.Audit.Trail;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Tests.Trail;

public sealed class TrailCsvTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+2", "'+1+2")]
    [InlineData("-A1", "'-A1")]
    [InlineData("-1", "-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [InlineData("=1,2", "\"'=1,2\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    public void A_cell_is_quoted_and_never_a_formula(string name, string cell) => TrailCsv.Line(Entry(name)).ShouldContain($",member,{cell},7,");

    [Fact]
    public async Task The_first_line_is_written_before_the_last_entry_is_read()
    {
        using var written = new MemoryStream();
        var seenWhileReading = 0L;
        async IAsyncEnumerable<TrailEntry> Entries()
        {
            for (var number = 0; number < 2_000; number++)
                yield return Entry($"n{number}");
            await written.FlushAsync();
            seenWhileReading = written.Length;
        }

        await TrailCsv.WriteAsync(written, Entries(), CancellationToken.None);

        seenWhileReading.ShouldBeGreaterThan(0);
        Encoding.UTF8.GetString(written.ToArray()).Split("\r\n").Length.ShouldBe(2_002); // header, 2,000 entries, the end
    }

    private static TrailEntry Entry(string name) => new(
        Guid.Empty, DateTimeOffset.UnixEpoch, new UserId(Guid.Empty), "Ana", "member.joined", "member", "7", name, null, JsonElement.Parse("{}"), null);
}
