using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Projects.Tests.Kpis.Values;

public sealed class MeasuredValueTests
{
    private static readonly DateOnly Monday = new(2026, 2, 23);
    private static readonly Kpi Kpi = Given.CompleteProject().Kpis[0];

    [Fact]
    public void A_measured_value_is_its_numerator_over_its_denominator_and_keeps_both()
    {
        var row = MeasuredKpiValue.Decide(Kpi, Measurement(219, 1000), Given.Now).Required();

        KpiValues.View(row).ShouldSatisfyAllConditions(
            value => value.Value.ShouldBe(0.219m),
            value => value.Source.ShouldBe(ValueSource.Measured),
            value => value.Evidence!.Inputs.ShouldHaveSingleItem().ShouldBe(new KpiInput("messages", "v3", 1000)));
    }

    [Fact]
    public void A_denominator_of_zero_gives_no_value() =>
        MeasuredKpiValue.Decide(Kpi, Measurement(1, 0), Given.Now).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Code.ShouldBe("projects.denominator_zero");

    [Fact]
    public void Measuring_the_same_again_says_nothing_new()
    {
        var before = MeasuredKpiValue.Decide(Kpi, Measurement(219, 1000), Given.Now).Required();
        var again = MeasuredKpiValue.Decide(Kpi, Measurement(219, 1000), Given.Now).Required();
        var late = MeasuredKpiValue.Decide(Kpi, Measurement(220, 1000), Given.Now).Required();

        (MeasuredKpiValue.Differs(before, again), MeasuredKpiValue.Differs(before, late), MeasuredKpiValue.Differs(null, again)).ShouldBe((false, true, true));
    }

    [Fact]
    public void A_declared_value_over_a_measured_one_needs_a_reason()
    {
        var measured = MeasuredKpiValue.Decide(Kpi, Measurement(219, 1000), Given.Now).Required();

        new RecordKpiValue(Monday, 0.2m).Decide(Kpi, measured, mayOverwrite: true, Given.Now).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Field.ShouldBe("note");
        new RecordKpiValue(Monday, 0.2m, "the feed lacked a store").Decide(Kpi, measured, mayOverwrite: true, Given.Now).IsOk.ShouldBeTrue();
    }

    [Theory]
    [InlineData("2026-03-02", true)]
    [InlineData("2026-03-03", false)]
    [InlineData("1969-12-31", false)]
    public void A_date_that_has_begun_nowhere_is_in_the_future(string date, bool accepted) =>
        new RecordKpiValue(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), 0.2m).Decide(Kpi, null, mayOverwrite: false, Given.Now).IsOk.ShouldBe(accepted);

    private static KpiMeasurement Measurement(decimal numerator, decimal denominator) =>
        new(Monday, new KpiEvidence(numerator, denominator, [new KpiInput("messages", "v3", 1000)], Guid.Empty));
}
