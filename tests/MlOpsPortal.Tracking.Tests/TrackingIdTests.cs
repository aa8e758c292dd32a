namespace MlOpsPortal.Tracking;

public sealed class TrackingIdTests
{
    [Fact]
    public void The_default_experiment_is_zero_on_the_wire_and_nothing_else_is()
    {
        ExperimentId.Default.ToString().ShouldBe("0");
        ExperimentId.Parse("0").ShouldBe(ExperimentId.Default);
        ExperimentId.Parse("00").ShouldBe(default);
        ExperimentId.Parse("nonsense").ShouldBe(default);
    }

    [Fact]
    public void A_logged_model_is_known_by_its_prefix()
    {
        var id = new LoggedModelId(Guid.CreateVersion7());

        id.ToString().ShouldMatch("^m-[0-9a-f]{32}$");
        LoggedModelId.Parse(id.ToString()).ShouldBe(id);
        LoggedModelId.Parse(id.ToString()[2..]).ShouldBe(default);
    }
}
