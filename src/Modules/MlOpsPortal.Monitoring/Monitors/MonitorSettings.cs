using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>What a person sets of a monitor.</summary>
/// <param name="Window">Weeks when not given.</param>
/// <param name="Reference">The test set of the version that answered when not given.</param>
/// <param name="MinRows">30 when not given.</param>
/// <param name="MinCoverage">0.5 when not given.</param>
/// <param name="Methods">Keys of <see cref="DriftMethods"/>; PSI, KS and L-infinity when not given.</param>
public sealed record MonitorSettings(
    string Name, MonitorWindow? Window = null, MonitorReference? Reference = null, MonitorSchedule? Schedule = null, int? MinRows = null, double? MinCoverage = null,
    ImmutableArray<string>? Methods = null)
{
    private const int MaxName = 100;
    private const int MostRows = 1_000_000;
    private const int LeastCount = 50;

    public EndpointMonitor Apply(EndpointMonitor monitor) => monitor with
    {
        Name = Name.Trim().Normalize(),
        Window = Window ?? MonitorWindow.Weekly,
        Reference = Reference ?? MonitorReference.Test,
        Schedule = Schedule,
        MinRows = MinRows ?? 30,
        MinCoverage = MinCoverage ?? 0.5,
        Methods = Methods is { IsDefaultOrEmpty: false } chosen ? [.. chosen.Distinct(StringComparer.Ordinal)] : DriftMethods.Default,
    };

    /// <summary>Everything that is wrong; null when nothing is. The schedule's interval is the schedules' affair.</summary>
    public Validation? Check()
    {
        var faults = new Faults().Text("name", Name, MaxName);
        if (Window is { } window)
            CheckWindow(faults, window);
        if (Reference is { } reference)
            CheckReference(faults, reference);
        faults.When(MinRows is < 1 or > MostRows, "minRows", "monitoring.min_rows");
        faults.When(MinCoverage is { } coverage && !(coverage is >= 0 and <= 1), "minCoverage", "monitoring.min_coverage");
        foreach (var method in Methods is { IsDefault: false } methods ? methods : [])
            faults.When(!DriftMethods.All.Contains(method, StringComparer.Ordinal), "methods", "monitoring.method", method.Length > MaxName ? method[..MaxName] : method, string.Join(", ", DriftMethods.All));
        return faults.Refusal;
    }

    private static void CheckWindow(Faults faults, MonitorWindow window)
    {
        if (window.Kind == WindowKind.Time)
            faults.When(window.Count is not null || window.Length is not { } length || length < TimeSpan.FromHours(1) || length > TimeSpan.FromDays(366), "window.length", "monitoring.window_length");
        else
            faults.When(window.Length is not null || window.Count is not { } count || count is < LeastCount or > MostRows, "window.count", "monitoring.window_count");
    }

    private static void CheckReference(Faults faults, MonitorReference reference)
    {
        var stretch = reference.From is not null || reference.To is not null;
        switch (reference.Kind)
        {
            case ReferenceKind.Training or ReferenceKind.Test:
                faults.When(stretch || reference.Dataset is not null || reference.Back is not null, "reference", "monitoring.reference_plain");
                break;
            case ReferenceKind.Dataset:
                faults.When(stretch || reference.Dataset is null || reference.Back is not null, "reference.dataset", "monitoring.reference_dataset");
                break;
            case ReferenceKind.Window:
                faults.When(reference.Dataset is not null || reference.Back is not null || !(reference.From < reference.To), "reference.from", "monitoring.reference_window");
                break;
            case ReferenceKind.Before:
                faults.When(
                    stretch || reference.Dataset is not null || reference.Back is not { } back || back < TimeSpan.FromHours(1) || back > TimeSpan.FromDays(800),
                    "reference.back", "monitoring.reference_back");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(reference), reference.Kind, "A kind of reference that is not checked.");
        }
    }
}
