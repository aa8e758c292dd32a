using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Monitoring.Tests.KpiTracking;

public sealed class KpiFreshnessTests
{
    private static readonly DateOnly Sunday = new(2025, 1, 12);

    [Theory]
    [InlineData(Cadence.Weekly, 0, 7, false)]
    [InlineData(Cadence.Weekly, 0, 8, true)]
    [InlineData(Cadence.Weekly, 14, 21, false)]
    [InlineData(Cadence.Weekly, 14, 22, true)]
    [InlineData(Cadence.Monthly, 0, 31, false)]
    [InlineData(Cadence.Monthly, 0, 32, true)]
    public void A_value_is_stale_when_the_next_one_is_overdue(Cadence cadence, int settleDays, int days, bool stale) =>
        KpiFreshness.Of(Kpi(cadence), Sunday, settleDays, Sunday.AddDays(days)).Stale.ShouldBe(stale);

    [Fact]
    public void Without_a_value_nothing_is_stale() => KpiFreshness.Of(Kpi(Cadence.Daily), null, 0, Sunday).ShouldBe(new KpiFreshness(null, null, false));

    private static Kpi Kpi(Cadence cadence) => new(
        new KpiId(Guid.NewGuid()), 1, new ObjectiveId(Guid.NewGuid()), "Visit share", "", "visits ÷ messages", "share", KpiDirection.Increase, 0.15m, Sunday, 0.2m, 0.18m, 0.15m, "Ana", cadence, "");
}
