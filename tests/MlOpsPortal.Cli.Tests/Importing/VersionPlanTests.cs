namespace MlOpsPortal.Cli.Importing;

public sealed class VersionPlanTests
{
    [Fact]
    public void Gaps_are_filled_and_the_fillers_are_deleted_when_all_is_there() =>
        VersionPlan.Of([2, 5], new Dictionary<int, VersionRole>()).ShouldBe(
        [
            new VersionStep.Fill(1), new VersionStep.Create(2), new VersionStep.Fill(3), new VersionStep.Fill(4), new VersionStep.Create(5),
            new VersionStep.Remove(1), new VersionStep.Remove(3), new VersionStep.Remove(4),
        ]);

    [Fact]
    public void What_is_there_stays() =>
        VersionPlan.Of([1, 3], new Dictionary<int, VersionRole> { [1] = VersionRole.Imported, [3] = VersionRole.Imported }).ShouldBe([new VersionStep.Present(1), new VersionStep.Present(3)]);

    [Fact]
    public void A_number_that_somebody_else_has_or_that_was_deleted_since_is_lost() =>
        VersionPlan.Of([1, 2, 3], new Dictionary<int, VersionRole> { [2] = VersionRole.Foreign }).ShouldBe([new VersionStep.Lost(1), new VersionStep.Lost(2), new VersionStep.Create(3)]);

    [Theory]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 3, 4, 9 })]
    [InlineData(new[] { 7 })]
    [InlineData(new int[0])]
    public void Killed_after_any_step_and_begun_again_the_numbers_are_those_of_the_source(int[] wanted)
    {
        for (var kill = 0; kill <= VersionPlan.Of(wanted, new Dictionary<int, VersionRole>()).Length; kill++)
        {
            for (var second = 0; second < 4; second++)
            {
                var server = new TestRegistry();
                server.Take(wanted, kill);
                server.Take(wanted, second);
                server.Take(wanted, int.MaxValue);

                server.Versions.ShouldBe(wanted.ToDictionary(number => number, _ => VersionRole.Imported), ignoreOrder: true, $"killed after {kill} and {second} steps");
            }
        }
    }

    /// <summary>Numbers versions itself, and none twice.</summary>
    private sealed class TestRegistry
    {
        private int last;

        public Dictionary<int, VersionRole> Versions { get; } = [];

        public void Take(IEnumerable<int> wanted, int steps)
        {
            foreach (var step in VersionPlan.Of(wanted, Versions).Take(steps))
            {
                step.ShouldNotBeOfType<VersionStep.Lost>();
                if (step is VersionStep.Remove) Versions.Remove(step.Number).ShouldBeTrue();
                if (step is not (VersionStep.Fill or VersionStep.Create)) continue;
                (++last).ShouldBe(step.Number);
                Versions[last] = step is VersionStep.Fill ? VersionRole.Filler : VersionRole.Imported;
            }
        }
    }
}
