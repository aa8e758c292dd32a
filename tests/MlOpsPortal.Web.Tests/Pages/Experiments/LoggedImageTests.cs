using Bunit;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Pages.Experiments;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class LoggedImageTests : KitTest
{
    private const string One = "01890000000070008000000000000001";
    private const string Two = "01890000000070008000000000000002";
    private ChartState? asked;

    [Fact]
    public void The_client_says_name_and_step_in_the_name_of_the_file_and_sends_a_smaller_copy()
    {
        var images = LoggedImage.Of(One,
        [
            "images/val~faces+step+10+timestamp+1795255339574+d6426708-fccd-4388-b7b8-62f8bad86b77+compressed.webp",
            "images/val~faces+step+10+timestamp+1795255339574+d6426708-fccd-4388-b7b8-62f8bad86b77.png",
            "images/val~faces+step+2+timestamp+1795255339570+d6426708-fccd-4388-b7b8-62f8bad86b78.png",
        ]);

        images.Select(image => (image.Key, image.Step)).ShouldBe([("val/faces", 2), ("val/faces", 10)]);
        images[1].Small.ShouldEndWith("compressed.webp");
        images[1].Whole.ShouldEndWith("b77.png");
        images[0].Small.ShouldBe(images[0].Whole);
    }

    [Fact]
    public void The_names_of_older_clients_are_read_too() =>
        LoggedImage.Of(One, ["images/val#faces%step%-1%timestamp%17%abc.png"]).Select(image => (image.Key, image.Step)).ShouldBe([("val/faces", -1)]);

    [Theory]
    [InlineData("images/photo.png")]
    [InlineData("images/a+step+x+timestamp+1+id.png")]
    [InlineData("images/a+step+1.png")]
    [InlineData("images/+step+1+timestamp+1+id.png")]
    [InlineData("images/a+step+1+timestamp+1+id")]
    [InlineData("images/a.b+step+1+timestamp+1+id")]
    [InlineData("images/a+step+99999999999999999999+timestamp+1+id.png")]
    public void Another_file_is_no_logged_image(string path) => LoggedImage.Of(One, [path]).ShouldBeEmpty();

    [Fact]
    public void Runs_stand_beside_each_other_at_one_step_each_with_what_it_logged_last_until_then()
    {
        var grid = Grid(new ChartState { ImageStep = 5 });

        grid.FindAll("img").Select(image => image.GetAttribute("alt")).ShouldBe(["faces of name-01890000000070008000000000000001 at step 5", "faces of name-01890000000070008000000000000002 at step 3"]);
        Grid(new ChartState()).FindAll("img").Select(image => image.GetAttribute("alt")![^1]).ShouldBe(['9', '3']); // each has one
        Grid(new ChartState { Find = "nothing" }).FindAll("img").ShouldBeEmpty();
    }

    [Fact]
    public void The_slider_goes_from_step_to_step_and_the_last_is_the_usual()
    {
        var grid = Grid(new ChartState());

        grid.Find("input[type=range]").GetAttribute("max").ShouldBe("2");
        grid.Find("input[type=range]").Change("0");
        asked.ShouldNotBeNull().ImageStep.ShouldBe(3);
        grid.Find("input[type=range]").Change("2");
        asked.ShouldNotBeNull().ImageStep.ShouldBeNull();
    }

    private IRenderedComponent<ImageGrid> Grid(ChartState state) => Render<ImageGrid>(grid => grid
        .Add(g => g.Images, [.. LoggedImage.Of(One, ["images/faces+step+5+timestamp+1+a.png", "images/faces+step+9+timestamp+1+b.png"]), .. LoggedImage.Of(Two, ["images/faces+step+3+timestamp+1+c.png"])])
        .Add(g => g.Runs, [TestRuns.Run(One), TestRuns.Run(Two)]).Add(g => g.Marks, RunMark.For([One, Two])).Add(g => g.State, state).Add(g => g.OnState, next => asked = next));
}
