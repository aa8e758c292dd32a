using System.Globalization;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives.CheckIns;

namespace MlOpsPortal.Web.Demo;

/// <summary>What the business owner wrote down in 2024, on the Monday after every fourth week: the visit share of the four weeks together, as the KPI's value and
/// as a check-in. What is there already stays.</summary>
internal sealed class RetailRecord(ProjectDesk projects, KpiValueDesk values, CheckInDesk checkIns)
{
    private const int WeeksPerMonth = 4;

    private sealed record Week(DateOnly Start, int Messages, int Visits);

    public async Task WriteAsync(Caller owner, ProjectId id, string samples, CancellationToken cancellationToken)
    {
        var project = (await projects.GetAsync(owner, id, cancellationToken)).Required().State;
        var weeks = await ReadAsync(Path.Combine(samples, "retail", "kpi_2024.csv"), cancellationToken);
        var (kpi, share) = (project.Kpis[0], project.Objectives[0].KeyResults[0]);
        var valued = (await values.SeriesAsync(owner, id, kpi.Id, cancellationToken)).Required().Values.Select(value => value.Date).ToHashSet();
        var checkedIn = (await checkIns.SeriesAsync(owner, id, share.Id, cancellationToken)).Required().CheckIns.Select(one => one.Date).ToHashSet();
        foreach (var month in weeks.Chunk(WeeksPerMonth).Where(month => month.Length == WeeksPerMonth))
        {
            var (monday, visits, messages) = (month[^1].Start.AddDays(7), month.Sum(week => week.Visits), month.Sum(week => week.Messages));
            var reached = decimal.Round(visits / (decimal)messages, 4);
            var note = string.Create(CultureInfo.InvariantCulture, $"{visits} visits of {messages} messages in the four weeks before");
            if (!valued.Contains(monday))
                (await values.RecordAsync(owner, id, kpi.Id, new RecordKpiValue(monday, reached, note), cancellationToken)).Required();
            var said = reached >= share.Target ? "At the target." : "Under the target: the same popular offer for everybody.";
            if (!checkedIn.Contains(monday))
                (await checkIns.RecordAsync(owner, id, share.Id, new RecordCheckIn(monday, reached, Confidence: reached >= share.Target ? 7 : 4, WhatChanged: said), cancellationToken)).Required();
        }
    }

    private static async Task<IReadOnlyList<Week>> ReadAsync(string path, CancellationToken cancellationToken) =>
    [
        .. (await File.ReadAllLinesAsync(path, cancellationToken)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')).Select(cells => new Week(
            DateOnly.Parse(cells[1], CultureInfo.InvariantCulture), int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture))),
    ];
}
