using MlOpsPortal.Monitoring.Alerts;

namespace MlOpsPortal.Monitoring.Tests.Alerts;

public sealed class AlertLifecycleTests
{
    [Theory]
    [InlineData(AlertState.Firing, AlertMove.Acknowledge, AlertState.Acknowledged)]
    [InlineData(AlertState.Acknowledged, AlertMove.Silence, AlertState.Silenced)]
    [InlineData(AlertState.Silenced, AlertMove.Wake, AlertState.Firing)]
    [InlineData(AlertState.Silenced, AlertMove.Recover, AlertState.Resolved)]
    public void The_table_has_the_move(AlertState from, AlertMove move, AlertState to) => AlertLifecycle.Next(from, move).ShouldBe(to);

    [Fact]
    public void What_is_resolved_stays_resolved() =>
        Enum.GetValues<AlertMove>().ShouldAllBe(move => AlertLifecycle.Next(AlertState.Resolved, move) == null);

    [Fact]
    public void Nothing_that_is_loud_is_woken()
    {
        AlertLifecycle.Next(AlertState.Firing, AlertMove.Wake).ShouldBeNull();
        AlertLifecycle.Next(AlertState.Acknowledged, AlertMove.Wake).ShouldBeNull();
    }
}
