using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Governance;

public sealed class GovernanceRuleTests
{
    [Theory]
    [InlineData(MoveKind.SetAlias, "champion", ModelStage.None, true)]
    [InlineData(MoveKind.SetAlias, "CHAMPION", ModelStage.None, true)]
    [InlineData(MoveKind.RemoveAlias, "champion", ModelStage.None, true)]
    [InlineData(MoveKind.SetAlias, "challenger", ModelStage.None, false)]
    [InlineData(MoveKind.Stage, "Staging", ModelStage.None, true)]
    [InlineData(MoveKind.Stage, "Archived", ModelStage.Staging, true)]
    [InlineData(MoveKind.Stage, "None", ModelStage.Production, true)]
    [InlineData(MoveKind.Stage, "None", ModelStage.Staging, false)]
    public void The_champion_and_the_stages_are_guarded_until_a_tenant_says_otherwise(MoveKind kind, string name, ModelStage from, bool guarded) =>
        GovernanceRule.Default.Guards(new Move(kind, name, 1), from).ShouldBe(guarded);

    [Fact]
    public void A_tenant_may_let_everything_move() => new GovernanceRule([], ProtectStages: false).Guards(new Move(MoveKind.Stage, "Production", 1), ModelStage.None).ShouldBeFalse();
}
