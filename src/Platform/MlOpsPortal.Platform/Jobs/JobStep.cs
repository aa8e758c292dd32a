using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A step that a job came to.</summary>
/// <param name="Step">Code of the step; its text is a resource.</param>
/// <param name="Attempt">From 1. A portal that was stopped meanwhile begins the same attempt again.</param>
public sealed record JobStep(string Step, int Attempt, DateTimeOffset At)
{
    /// <summary>Of a job that goes through many; the first ones give way.</summary>
    public const int Most = 200;

    internal static ImmutableArray<JobStep> Read(string json) => JsonSerializer.Deserialize<ImmutableArray<JobStep>>(json, PortalJson.Options);

    internal static string Write(IEnumerable<JobStep> steps) => JsonSerializer.Serialize(steps, PortalJson.Options);
}
