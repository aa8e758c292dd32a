using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Charts;

public sealed class SurfaceTests
{
    public SurfaceTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void The_surface_passes_through_its_points_and_stays_between_the_lowest_and_highest()
    {
        (double X, double Y, double Z)[] points = [(0, 0, 1), (1, 0, 2), (0, 1, 3), (1, 1, 9), (0.5, 0.5, 4)];

        var field = ContourField.Through(points, 21);

        (field[0, 0], field[20, 0], field[0, 20], field[20, 20], field[10, 10]).ShouldBe((1, 2, 3, 9, 4));
        for (var column = 0; column < 21; column++)
        {
            for (var row = 0; row < 21; row++)
                field[column, row].ShouldBeInRange(1, 9);
        }
    }

    [Fact]
    public void Runs_at_the_same_place_count_with_their_mean() =>
        ContourField.Through([(0, 0, 1), (0, 0, 3), (1, 1, 5)], 3)[0, 0].ShouldBe(2);

    [Fact]
    public void A_band_covers_the_part_of_a_plane_that_is_as_high()
    {
        // Heights equal to x at the grid's own points: half of the square is at least 0.5 high, a quarter at least 0.75.
        var grid = Enumerable.Range(0, 11).SelectMany(column => Enumerable.Range(0, 11).Select(row => (column / 10.0, row / 10.0, column / 10.0))).ToList();
        var field = ContourField.Through(grid, 11);

        Area(field, 0.5).ShouldBe(0.5, 1e-9);
        Area(field, 0.75).ShouldBe(0.25, 1e-9);
        Area(field, 0).ShouldBe(1, 1e-9);
        Area(field, 1.1).ShouldBe(0);
    }

    [Fact]
    public void A_box_has_the_quartiles_of_linear_interpolation_and_whiskers_within_one_and_a_half_boxes()
    {
        var box = Box.Of("all", [1, 2, 3, 4, 5, 6, 7, 8, 9, 40, double.NaN])!; // there are values

        (box.Count, box.Q1, box.Median, box.Q3).ShouldBe((10, 3.25, 5.5, 7.75)); // numpy.percentile of the ten
        (box.Low, box.High).ShouldBe((1, 9));
        box.Beyond.ShouldBe([40]);
    }

    [Fact]
    public void No_values_make_no_box() => Box.Of("none", [double.NaN]).ShouldBeNull();

    [Fact]
    public void Few_values_are_groups_of_their_own_and_many_numbers_become_round_intervals()
    {
        Binning.Groups(["3", "5", null, "3"]).ShouldBe(["3", "5", null, "3"]);

        var groups = Binning.Groups([.. Enumerable.Range(0, 100).Select(value => value.ToString(CultureInfo.InvariantCulture))]);

        Binning.Order(groups.OfType<string>()).ShouldBe(["0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100"]);
        groups[20].ShouldBe("20 to 40");
        groups[99].ShouldBe("80 to 100");
    }

    [Fact]
    public void Many_names_are_the_commonest_and_other()
    {
        var names = Enumerable.Range(0, 30).Select(index => $"n{index:d2}").Append("n07").ToList();

        var groups = Binning.Groups([.. names], 4);

        groups.OfType<string>().Distinct().Count().ShouldBe(4);
        groups[7].ShouldBe("n07");
        groups[29].ShouldBe("other");
    }

    [Fact]
    public void Groups_of_numbers_are_ordered_as_numbers() => Binning.Order(["10", "9", "1e2"]).ShouldBe(["9", "10", "1e2"]);

    private static double Area(ContourField field, double level) => field.AtLeast(level).Sum(part =>
        Math.Abs(part.Select((point, index) => (point, next: part[(index + 1) % part.Count])).Sum(pair => (pair.point.X * pair.next.Y) - (pair.next.X * pair.point.Y))) / 2);
}
