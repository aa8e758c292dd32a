using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Monitoring.Tests.Alerts;

namespace MlOpsPortal.Monitoring.Tests.Incidents;

public sealed class GroupingTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly OpenIncident Younger = Open(IncidentCause.Population, 28, new AlertFact(AlertSignal.ColumnDrift, "age", Given.Monday(27)));

    [Fact]
    public void A_metric_that_falls_belongs_to_the_drift_that_explains_it() =>
        Home(new AlertFact(AlertSignal.Metric, null, Given.Monday(35)), IncidentCause.Concept, 38, Younger).ShouldBe(Younger);

    [Fact]
    public void Another_rule_about_the_same_column_opens_nothing_new() =>
        Home(new AlertFact(AlertSignal.ColumnDrift, "age", Given.Monday(33)), IncidentCause.Population, 34, Younger).ShouldBe(Younger);

    [Fact]
    public void A_kpi_that_falls_long_after_is_an_incident_of_its_own() =>
        Home(new AlertFact(AlertSignal.Kpi, "Visit share", Given.Monday(45)), IncidentCause.Business, 47, Younger).ShouldBeNull();

    [Fact]
    public void A_column_that_breaks_later_is_an_incident_of_its_own() =>
        Home(new AlertFact(AlertSignal.ColumnDrift, "price", Given.Monday(40)), IncidentCause.DataFeed, 40, Younger).ShouldBeNull();

    [Fact]
    public void What_begins_at_the_same_time_is_one_story() =>
        Home(new AlertFact(AlertSignal.Kpi, "Visit share", Given.Monday(28)), IncidentCause.Business, 29, Younger).ShouldBe(Younger);

    private static OpenIncident? Home(AlertFact alert, IncidentCause own, int week, params OpenIncident[] open) => Grouping.Home(alert, own, Given.Monday(week + 1), Week, open);

    private static OpenIncident Open(IncidentCause cause, int week, params AlertFact[] alerts) => new(new IncidentId(Guid.CreateVersion7()), cause, Given.Monday(week + 1), alerts);
}
