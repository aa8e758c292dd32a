namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A surface over two axes from points that lie anywhere, on a grid of equal steps from 0 to 1.</summary>
public sealed class ContourField
{
    private readonly double[,] heights;

    private ContourField(double[,] heights) => this.heights = heights;

    public int Size => heights.GetLength(0);

    public double this[int column, int row] => heights[column, row];

    /// <summary>Weights each point by the inverse third power of its distance (Shepard): the surface passes through the points and stays between the lowest and highest.</summary>
    /// <param name="points">x and y from 0 to 1, and the height there; at least one.</param>
    /// <param name="size">Grid lines to each side, at least 2.</param>
    public static ContourField Through(IReadOnlyList<(double X, double Y, double Z)> points, int size)
    {
        var grid = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            for (var row = 0; row < size; row++)
                grid[column, row] = Height(points, (double)column / (size - 1), (double)row / (size - 1));
        }

        return new ContourField(grid);
    }

    /// <summary>Where the surface is at least as high as the level, as shapes that together cover it. Places from 0 to 1.</summary>
    public IEnumerable<IReadOnlyList<(double X, double Y)>> AtLeast(double level)
    {
        var last = Size - 1;
        for (var row = 0; row < last; row++)
        {
            var run = -1; // where a row of whole cells began; they become one rectangle
            for (var column = 0; column <= last; column++)
            {
                var whole = column < last && Corners(column, row).All(corner => corner.Z >= level);
                if (whole && run < 0)
                    run = column;
                if (!whole && run >= 0)
                {
                    yield return [(Share(run), Share(row)), (Share(column), Share(row)), (Share(column), Share(row + 1)), (Share(run), Share(row + 1))];
                    run = -1;
                }

                if (!whole && column < last)
                {
                    foreach (var part in Parts(Corners(column, row), level))
                        yield return part;
                }
            }
        }
    }

    // A cell is two triangles, on each of which the surface is flat: the part above a level is cut off by a straight line.
    private static IEnumerable<IReadOnlyList<(double X, double Y)>> Parts((double X, double Y, double Z)[] corners, double level)
    {
        foreach (var triangle in new[] { new[] { corners[0], corners[1], corners[2] }, [corners[0], corners[2], corners[3]] })
        {
            var part = new List<(double X, double Y)>(4);
            for (var index = 0; index < 3; index++)
            {
                var (here, next) = (triangle[index], triangle[(index + 1) % 3]);
                if (here.Z >= level)
                    part.Add((here.X, here.Y));
                if (here.Z >= level != next.Z >= level)
                {
                    var share = (level - here.Z) / (next.Z - here.Z);
                    part.Add((here.X + (share * (next.X - here.X)), here.Y + (share * (next.Y - here.Y))));
                }
            }

            if (part.Count > 2)
                yield return part;
        }
    }

    private (double X, double Y, double Z)[] Corners(int column, int row) =>
    [
        (Share(column), Share(row), heights[column, row]), (Share(column + 1), Share(row), heights[column + 1, row]),
        (Share(column + 1), Share(row + 1), heights[column + 1, row + 1]), (Share(column), Share(row + 1), heights[column, row + 1]),
    ];

    private double Share(int line) => (double)line / (Size - 1);

    private static double Height(IReadOnlyList<(double X, double Y, double Z)> points, double x, double y)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var point in points)
        {
            var square = ((point.X - x) * (point.X - x)) + ((point.Y - y) * (point.Y - y));
            if (square < 1e-12)
                return points.Where(other => Math.Abs(other.X - point.X) < 1e-6 && Math.Abs(other.Y - point.Y) < 1e-6).Average(other => other.Z);
            var weight = 1 / (square * Math.Sqrt(square));
            (sum, weights) = (sum + (weight * point.Z), weights + weight);
        }

        return sum / weights;
    }
}
