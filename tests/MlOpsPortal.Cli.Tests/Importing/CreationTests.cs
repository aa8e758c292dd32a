using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Importing;

public sealed class CreationTests
{
    [Fact]
    public async Task A_lost_answer_is_looked_for_before_anything_is_created_again()
    {
        var made = new List<string>();

        var (thing, isNew) = await new Creation(0, TimeProvider.System).OnceAsync(
            () => Task.FromResult(made.SingleOrDefault()),
            () =>
            {
                made.Add("it");
                throw new UncertainAnswer("the line went dead");
            },
            CancellationToken.None);

        thing.ShouldBe("it");
        isNew.ShouldBeFalse();
        made.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_first_of_a_process_may_be_on_their_way_from_one_that_was_killed()
    {
        var (thing, isNew) = await new Creation(1, TimeProvider.System).OnceAsync<string>(
            () => Task.FromResult<string?>("made by the killed one"), () => throw new InvalidOperationException("created again"), CancellationToken.None);

        thing.ShouldBe("made by the killed one");
        isNew.ShouldBeFalse();
    }
}
