using System.Text.Json;

namespace MlOpsPortal.Cli.Reports;

public sealed class ReportTests
{
    private static readonly Summary Done = new("import mlflow", "http://source", "http://portal project Churn", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(10), Ending.CompleteWithNotes);

    [Fact]
    public void It_counts_and_names_what_is_not_as_it_was()
    {
        var report = new Report();
        report.Add(Kind.Runs, Outcome.Written, 1990);
        report.Add(Kind.Runs, Outcome.Present, 10);
        for (var number = 0; number < 12; number++) report.Skip(Kind.Files, $"file {number}", "the portal refuses this path");
        report.Skip(Kind.Aliases, "churn@champion on 5", "waits for an approval: request 7");
        report.Tell(Kind.Runs, "", "each has a new id");

        var text = ReportText.Text(report, Done);

        text.ShouldContain("runs                     2,000       1,990          10           0");
        text.ShouldContain("  aliases: waits for an approval: request 7\n    churn@champion on 5");
        text.ShouldContain("    and 2 more (all are in --report)");
        text.ShouldContain("Complete but for what is listed above in 10.0 s, 200 runs/s");
        report.NeedsAttention.ShouldBeTrue();

        var json = JsonDocument.Parse(ReportText.JsonText(report, Done)).RootElement;
        json.GetProperty("ending").GetString().ShouldBe("completeWithNotes");
        json.GetProperty("notes").GetArrayLength().ShouldBe(14);
        json.GetProperty("counts").EnumerateArray().Single(count => count.GetProperty("kind").GetString() == "runs").GetProperty("written").GetInt64().ShouldBe(1990);
    }

    [Fact]
    public void What_only_explains_asks_for_nothing()
    {
        var report = new Report();
        report.Tell(Kind.Runs, "", "each has a new id");

        report.NeedsAttention.ShouldBeFalse();
    }
}
