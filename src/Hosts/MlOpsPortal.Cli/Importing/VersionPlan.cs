using System.Collections.Immutable;

namespace MlOpsPortal.Cli.Importing;

/// <summary>What a version at the target is.</summary>
internal enum VersionRole
{
    /// <summary>Imported: it has the number it had at the source.</summary>
    Imported,

    /// <summary>Made by this tool to use up a number, to be deleted.</summary>
    Filler,

    /// <summary>Made by somebody else.</summary>
    Foreign,
}

/// <summary>One step towards the source's numbers.</summary>
internal abstract record VersionStep(int Number)
{
    /// <summary>Uses up a number that the source has deleted.</summary>
    internal sealed record Fill(int Number) : VersionStep(Number);

    internal sealed record Create(int Number) : VersionStep(Number);

    internal sealed record Present(int Number) : VersionStep(Number);

    /// <summary>The number was given to something else, or deleted since: it cannot be had any more.</summary>
    internal sealed record Lost(int Number) : VersionStep(Number);

    /// <summary>A filler that has done its work.</summary>
    internal sealed record Remove(int Number) : VersionStep(Number);
}

/// <summary>
/// Servers number versions themselves, one after the other, and use no number twice. To have the source's numbers, its gaps are filled and deleted again.
/// Fillers stay until all versions are there: the highest number in sight is then always the last one given, also after a kill.
/// </summary>
internal static class VersionPlan
{
    /// <param name="wanted">Numbers at the source, of versions that can be copied.</param>
    /// <param name="there">What the target has.</param>
    public static ImmutableArray<VersionStep> Of(IEnumerable<int> wanted, IReadOnlyDictionary<int, VersionRole> there)
    {
        var steps = ImmutableArray.CreateBuilder<VersionStep>();
        var last = there.Keys.DefaultIfEmpty(0).Max();
        var fillers = there.Where(version => version.Value == VersionRole.Filler).Select(version => version.Key).ToList();
        foreach (var number in wanted.Order())
        {
            if (there.TryGetValue(number, out var role) && role == VersionRole.Imported) steps.Add(new VersionStep.Present(number));
            else if (number <= last) steps.Add(new VersionStep.Lost(number));
            else
            {
                for (var gap = last + 1; gap < number; gap++)
                {
                    steps.Add(new VersionStep.Fill(gap));
                    fillers.Add(gap);
                }

                steps.Add(new VersionStep.Create(number));
                last = number;
            }
        }

        steps.AddRange(fillers.Order().Select(number => new VersionStep.Remove(number)));
        return steps.ToImmutable();
    }
}
