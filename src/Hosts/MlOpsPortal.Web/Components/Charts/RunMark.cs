namespace MlOpsPortal.Web.Components.Charts;

/// <summary>How a run looks everywhere on a page: a colour and a shape, so that nobody needs to tell colours apart.</summary>
/// <param name="Colour">1 to <see cref="Colours"/>.</param>
/// <param name="Shape">0 to <see cref="Shapes"/> - 1: circle, square, triangle, diamond, cross; lines are solid, dashed, dotted, …</param>
public readonly record struct RunMark(int Colour, int Shape)
{
    public const int Colours = 8;
    public const int Shapes = 5;
    private static readonly string[] Outlines = ["M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z", "M1.5 1.5h7v7h-7z", "M5 .8l4.4 8H.6z", "M5 .3L9.7 5 5 9.7.3 5z", "M2.6.9L5 3.3 7.4.9l1.7 1.7L6.7 5l2.4 2.4-1.7 1.7L5 6.7 2.6 9.1.9 7.4 3.3 5 .9 2.6z"];
    private static readonly string[] Lines = ["none", "7 4", "2 3", "9 3 2 3", "4 2 4 6"];

    public string Css => $"var(--r{Math.Clamp(Colour, 1, Colours)})";

    /// <summary>The marker in a square of 10 x 10.</summary>
    public string Outline => Outlines[Math.Clamp(Shape, 0, Shapes - 1)];

    public string Dashes => Lines[Math.Clamp(Shape, 0, Shapes - 1)];

    /// <summary>A mark for each id, the same today and tomorrow as far as others leave it free: it follows from the id, and where two would look
    /// alike the later one takes the next free mark. Past 40 ids marks repeat.</summary>
    public static IReadOnlyDictionary<string, RunMark> For(IEnumerable<string> ids)
    {
        var marks = new Dictionary<string, RunMark>(StringComparer.Ordinal);
        var taken = new HashSet<int>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (taken.Count == Colours * Shapes)
                taken.Clear();
            // Colours first: forms differ only when the eight colours are used up, or nearly.
            var ring = taken.Count / Colours * Colours;
            var slot = ring + (int)(Hash(id) % Colours);
            while (!taken.Add(slot))
                slot = ring + ((slot - ring + 1) % Colours);
            marks[id] = new RunMark((slot % Colours) + 1, slot / Colours);
        }

        return marks;
    }

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
