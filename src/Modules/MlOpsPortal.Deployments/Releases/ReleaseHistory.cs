using System.Collections.Immutable;

namespace MlOpsPortal.Deployments.Releases;

/// <summary>The latest releases of a deployment. A document does not grow without end: the oldest that have ended go, the audit keeps them.</summary>
internal static class ReleaseHistory
{
    public const int Kept = 100;

    public static ImmutableArray<Release> Add(ImmutableArray<Release> releases, Release release)
    {
        var all = releases.Add(release);
        if (all.Length <= Kept)
            return all;
        var oldest = all.First(candidate => candidate.State is ReleaseState.Failed or ReleaseState.Replaced);
        return all.Remove(oldest);
    }
}
