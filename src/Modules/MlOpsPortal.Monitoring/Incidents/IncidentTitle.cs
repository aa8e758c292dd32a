using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>What an incident is called: its strongest cause in a sentence.</summary>
internal static class IncidentTitle
{
    public static string Of(ImmutableArray<RankedCause> causes)
    {
        var first = causes[0];
        var subjects = first.Evidence.Where(item => item.Weight > 0).Select(item => item.Subject).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).ToList();
        var named = subjects.Count switch { 0 => "", 1 => subjects[0], 2 => $"{subjects[0]} and {subjects[1]}", _ => $"{subjects[0]}, {subjects[1]} and others" };
        return first.Cause switch
        {
            IncidentCause.DataFeed => $"{Or(named, "The data")} changed from one window to the next",
            IncidentCause.Population => $"{Or(named, "The inputs")} drifted away from what the model learned from",
            IncidentCause.Concept => "The model tells outcomes apart less well while its inputs hold",
            IncidentCause.Business => $"{Or(named, "What happens")} falls short while the model holds",
            IncidentCause.Service => "The endpoint does not answer as it should",
            _ => throw new ArgumentOutOfRangeException(nameof(causes), first.Cause, "No such cause."),
        };
    }

    private static string Or(string text, string other) => text.Length == 0 ? other : text;
}
