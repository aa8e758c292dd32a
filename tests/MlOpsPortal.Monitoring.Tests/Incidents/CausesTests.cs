using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Monitoring.Tests.Alerts;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring.Tests.Incidents;

public sealed class CausesTests
{
    [Fact]
    public void One_column_that_jumps_is_the_feed()
    {
        var first = First(Given.Weeks(14, (week, column) => column == "c1" && week == 14 ? 0.85 : 0.25));

        first.Cause.ShouldBe(IncidentCause.DataFeed);
        first.WayBack.ShouldBe(Stage.DataAcquisition);
        first.Evidence[0].Subject.ShouldBe("c1");
    }

    [Fact]
    public void Most_columns_that_jump_at_once_are_another_population() =>
        First(Given.Weeks(14, (week, column) => column != "c6" && week == 14 ? 0.7 : 0.25)).Cause.ShouldBe(IncidentCause.Population);

    [Fact]
    public void A_column_that_slides_is_the_population_even_when_the_metric_falls_with_it()
    {
        var watched = Given.Weeks(40, (week, column) => column == "c2" ? 0.25 + (0.02 * Math.Clamp(week - 20, 0, 18)) : 0.25, auc: week => week > 32 ? 0.66 : 0.75);

        var first = First(watched);

        first.Cause.ShouldBe(IncidentCause.Population);
        first.WayBack.ShouldBe(Stage.ModelDevelopment);
    }

    [Fact]
    public void A_metric_that_falls_without_drift_is_the_concept() =>
        First(Given.Weeks(30, Given.Steady, auc: week => week > 25 ? 0.66 : 0.75)).Cause.ShouldBe(IncidentCause.Concept);

    [Fact]
    public void A_kpi_that_falls_while_the_model_holds_is_the_business()
    {
        var ranked = Ranked(Given.Weeks(30, Given.Steady, auc: _ => 0.74, outcome: week => week > 25 ? 0.12 : 0.2, kpis: [Given.Kpi(30, week => week > 25 ? 0.12 : 0.2)]));

        ranked[0].Cause.ShouldBe(IncidentCause.Business);
        ranked[0].WayBack.ShouldBe(Stage.BusinessUnderstanding);
        ranked[0].Evidence.Select(item => item.Code).ShouldContain("monitoring.evidence_model_holds");
        ranked[0].Evidence.Select(item => item.Code).ShouldContain("monitoring.evidence_inputs_hold");
    }

    [Fact]
    public void A_kpi_that_falls_with_the_model_is_not_the_business() =>
        First(Given.Weeks(30, Given.Steady, auc: week => week > 25 ? 0.6 : 0.75, kpis: [Given.Kpi(30, week => week > 25 ? 0.12 : 0.2)])).Cause.ShouldBe(IncidentCause.Concept);

    [Fact]
    public void Drift_that_another_incident_is_about_explains_no_second_one()
    {
        var watched = Given.Weeks(30, (_, column) => column == "c1" ? 0.8 : 0.25, auc: _ => 0.75, kpis: [Given.Kpi(30, week => week > 25 ? 0.12 : 0.2)]);
        AlertFact[] alerts = [new(AlertSignal.Kpi, "Visit share", Given.Monday(26))];

        Causes.Rank(watched, alerts, new HashSet<string>(StringComparer.Ordinal) { "c1" })[0].Score
            .ShouldBeGreaterThan(Causes.Rank(watched, alerts, new HashSet<string>(StringComparer.Ordinal))[0].Score);
    }

    [Fact]
    public void An_endpoint_that_fails_is_the_service()
    {
        var windows = Given.Weeks(5, Given.Steady).Windows.Select(window => window with { Service = new WatchedService(2000, window.From >= Given.Monday(5) ? 0.08 : 0, 0, 4, 20) });

        First(new Watched([.. windows], [])).Cause.ShouldBe(IncidentCause.Service);
    }

    private static RankedCause First(Watched watched) => Ranked(watched)[0];

    private static System.Collections.Immutable.ImmutableArray<RankedCause> Ranked(Watched watched)
    {
        var rules = DefaultRules.All.ToDictionary(rule => rule.Name, rule => rule.Signal, StringComparer.Ordinal);
        AlertFact[] alerts = [.. Given.Fired(watched).Where(item => item.Episode.Ended is null).Select(item => new AlertFact(rules[item.Rule], item.Episode.Subject, item.Episode.Began))];
        alerts.ShouldNotBeEmpty();
        return Causes.Rank(watched, alerts, new HashSet<string>(StringComparer.Ordinal));
    }
}
