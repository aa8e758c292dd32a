using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>What can be behind an incident.</summary>
public enum IncidentCause
{
    /// <summary>One column, or few, changed schema or range from one window to the next: whoever sends the data changed something.</summary>
    DataFeed,

    /// <summary>The people or things the model is asked about are others than those it learned from.</summary>
    Population,

    /// <summary>Inputs look as before, but the model no longer tells outcomes apart: the pattern changed.</summary>
    Concept,

    /// <summary>The model holds, but what it is for falls: the business changed.</summary>
    Business,

    /// <summary>The endpoint fails, falls back or is slow.</summary>
    Service,
}

/// <summary>A cause with what speaks for it.</summary>
/// <param name="Score">0..1: how strongly the evidence points here; not a probability.</param>
/// <param name="WayBack">The stage that can mend it.</param>
public sealed record RankedCause(IncidentCause Cause, double Score, Stage WayBack, ImmutableArray<CauseEvidence> Evidence);

/// <summary>One observation.</summary>
/// <param name="Code">Of the sentence (a resource).</param>
/// <param name="Args">What the sentence's placeholders stand for.</param>
/// <param name="Weight">0..1 of what it adds; negative when it speaks against the cause.</param>
/// <param name="Subject">The feature or KPI it is about.</param>
public sealed record CauseEvidence(string Code, ImmutableArray<string> Args, double Weight, string? Subject = null);

/// <summary>An alert as causes see it.</summary>
public sealed record AlertFact(AlertSignal Signal, string? Subject, DateTimeOffset Began);

/// <summary>Ranks the causes of an incident from what was watched since it began. A signal whose rule fired counts fully, any other by a third:
/// what is merely unusual explains less than what is not usual at all.</summary>
public static class Causes
{
    private const double Unalerted = 0.35;

    /// <summary>PSI from one window to the next that is no drift any more but a break; also the default rule's.</summary>
    private const double Step = 0.25;
    private const double Drift = 0.1;
    private const double LostSkill = 0.2;

    /// <summary>How much of a cause's strength is taken away by another that explains the same.</summary>
    private const double ExplainsAway = 0.7;

    /// <param name="alerts">Of the incident.</param>
    /// <param name="elsewhere">Features whose drift another open incident is about already.</param>
    public static ImmutableArray<RankedCause> Rank(Watched watched, IReadOnlyCollection<AlertFact> alerts, IReadOnlySet<string> elsewhere)
    {
        var scene = new Scene(watched, alerts, elsewhere);
        var columns = scene.Columns();
        var feed = Feed(columns);
        var population = Population(columns);
        var skill = Skill(scene);
        var business = Business(scene);
        var data = Math.Max(Strength(feed), Strength(population));
        var lost = Strength(skill);
        return
        [
            .. new[]
            {
                new RankedCause(IncidentCause.DataFeed, Strength(feed), Stage.DataAcquisition, feed),
                new RankedCause(IncidentCause.Population, Strength(population), Stage.ModelDevelopment, population),
                new RankedCause(IncidentCause.Concept, lost * (1 - (ExplainsAway * data)), Stage.ModelDevelopment, Against(skill, data, "monitoring.evidence_drift_explains")),
                new RankedCause(IncidentCause.Business, Strength(business) * (1 - (ExplainsAway * data)) * (1 - (ExplainsAway * lost)), Stage.BusinessUnderstanding, Held(scene, business, data, lost)),
                new RankedCause(IncidentCause.Service, Strength(Service(scene)), Stage.ModelDeployment, Service(scene)),
            }.OrderByDescending(cause => cause.Score).ThenBy(cause => cause.Cause),
        ];
    }

    private static ImmutableArray<CauseEvidence> Feed(IReadOnlyList<ColumnScene> columns)
    {
        var evidence = ImmutableArray.CreateBuilder<CauseEvidence>();
        var stepped = columns.Count(column => column.Step >= Step);
        var most = columns.Count >= 3 && stepped * 2 > columns.Count;
        foreach (var column in columns)
        {
            if (column.Step >= Step)
                evidence.Add(new("monitoring.evidence_step", [column.Name, Text(column.Psi), Text(column.Step)], Weigh(column.Step / 0.5, column.DriftAlerted) * (most ? 0.5 : 1), column.Name));
            if (column.MissingRise >= 0.05)
                evidence.Add(new("monitoring.evidence_missing", [column.Name, Percent(column.MissingRise)], Weigh(column.MissingRise / 0.1, column.Alerted), column.Name));
            if (column.NewShare >= 0.01)
                evidence.Add(new("monitoring.evidence_new_values", [column.Name, Percent(column.NewShare)], Weigh(column.NewShare / 0.05, column.Alerted), column.Name));
            if (column.Violations >= 0.01)
                evidence.Add(new("monitoring.evidence_contract", [column.Name, Percent(column.Violations)], Weigh(column.Violations / 0.05, column.Alerted), column.Name));
        }

        if (evidence.Count > 0 && most)
            evidence.Add(new("monitoring.evidence_most_stepped", [Count(stepped), Count(columns.Count)], -0.5));
        else if (evidence.Count > 0)
            evidence.Add(new("monitoring.evidence_others_steady", [Count(columns.Count - evidence.Select(item => item.Subject).Distinct(StringComparer.Ordinal).Count()), Count(columns.Count)], 0));
        return Sorted(evidence);
    }

    private static ImmutableArray<CauseEvidence> Population(IReadOnlyList<ColumnScene> columns)
    {
        var evidence = ImmutableArray.CreateBuilder<CauseEvidence>();
        var stepped = columns.Count(column => column.Step >= Step);
        if (columns.Count >= 3 && stepped * 2 > columns.Count)
            evidence.Add(new("monitoring.evidence_all_changed", [Count(stepped), Count(columns.Count)], 0.9));
        foreach (var column in columns.Where(column => column.Step < Step && (column.Psi >= Drift || column.DriftAlerted) && column.BeyondChance))
            evidence.Add(new("monitoring.evidence_drift", [column.Name, Text(column.Psi)], column.DriftAlerted ? 0.6 + (0.4 * Math.Min(1, column.Psi / 0.5)) : Unalerted * Math.Min(1, column.Psi / 0.25), column.Name));
        return Sorted(evidence);
    }

    private static ImmutableArray<CauseEvidence> Skill(Scene scene)
    {
        var loss = scene.Since.Where(window => window.Metric is { Loss: > 0 } metric && metric.Loss > metric.LossError).Select(window => window.Metric!).MaxBy(metric => metric.Loss); // filtered
        return loss is null || loss.Loss < LostSkill / 2
            ? []
            : [new("monitoring.evidence_skill", [loss.Name, Text(loss.Value), Text(loss.Reference), Percent(loss.Loss)], Weigh(loss.Loss / (2 * LostSkill), scene.Fired(AlertSignal.Metric)))];
    }

    private static ImmutableArray<CauseEvidence> Business(Scene scene)
    {
        var evidence = ImmutableArray.CreateBuilder<CauseEvidence>();
        foreach (var kpi in scene.Watched.Kpis.Where(kpi => kpi.Points.Count > 0))
        {
            var latest = kpi.Points[^1].Value;
            var degree = kpi.Degree(latest);
            if (scene.Fired(AlertSignal.Kpi, kpi.Name) || degree >= 1)
                evidence.Add(new(
                    kpi.IsMeasured ? "monitoring.evidence_kpi_measured" : "monitoring.evidence_kpi_declared", [kpi.Name, Text(latest), Text(kpi.Target), Text(kpi.Red)],
                    Weigh(Math.Max(0, degree), scene.Fired(AlertSignal.Kpi, kpi.Name)), kpi.Name));
        }

        if (scene.Since.LastOrDefault(window => window.Outcome is { MeanPrediction: not 0 }) is { Outcome: { } outcome } && scene.Fired(AlertSignal.OutcomeGap))
        {
            var gap = Math.Abs(outcome.MeanOutcome - outcome.MeanPrediction) / Math.Abs(outcome.MeanPrediction);
            evidence.Add(new("monitoring.evidence_gap", [Text(outcome.MeanOutcome), Text(outcome.MeanPrediction), Percent(outcome.Coverage)], 0.55 + (0.2 * Math.Min(1, gap / 0.5))));
        }

        return Sorted(evidence);
    }

    private static ImmutableArray<CauseEvidence> Service(Scene scene)
    {
        var evidence = ImmutableArray.CreateBuilder<CauseEvidence>();
        var services = scene.Since.Select(window => window.Service).OfType<WatchedService>().ToList();
        if (services.Max(service => service.ErrorShare) is { } errors and >= 0.01)
            evidence.Add(new("monitoring.evidence_errors", [Percent(errors)], Weigh(errors / 0.05, scene.Fired(AlertSignal.ErrorShare))));
        if (services.Max(service => service.FallbackShare) is { } fallback and >= 0.01)
            evidence.Add(new("monitoring.evidence_fallback", [Percent(fallback)], Weigh(fallback / 0.05, scene.Fired(AlertSignal.FallbackShare))));
        if (services.Where(service => service.LatencyP99Ms >= service.LatencyBudgetMs).MaxBy(service => service.LatencyP99Ms) is { LatencyP99Ms: { } slow, LatencyBudgetMs: { } budget and > 0 })
            evidence.Add(new("monitoring.evidence_latency", [Text(slow), Text(budget)], Weigh((slow / budget) - 1, scene.Fired(AlertSignal.Latency))));
        return Sorted(evidence);
    }

    private static ImmutableArray<CauseEvidence> Held(Scene scene, ImmutableArray<CauseEvidence> evidence, double data, double lost)
    {
        if (evidence.IsEmpty)
            return evidence;
        var metric = scene.Since.LastOrDefault(window => window.Metric is not null)?.Metric;
        if (metric is not null && lost < Unalerted)
            evidence = evidence.Add(new("monitoring.evidence_model_holds", [metric.Name, Text(metric.Value), Text(metric.Reference)], 0));
        if (data < Unalerted)
            evidence = evidence.Add(new("monitoring.evidence_inputs_hold", [], 0));
        evidence = Against(evidence, data, "monitoring.evidence_drift_explains");
        return lost >= Unalerted ? evidence.Add(new("monitoring.evidence_skill_explains", [], -ExplainsAway * lost)) : evidence;
    }

    private static ImmutableArray<CauseEvidence> Against(ImmutableArray<CauseEvidence> evidence, double other, string code) =>
        evidence.IsEmpty || other < Unalerted ? evidence : evidence.Add(new(code, [], -ExplainsAway * other));

    private static double Strength(ImmutableArray<CauseEvidence> evidence) => evidence.IsEmpty ? 0 : Math.Clamp(evidence.Max(item => item.Weight), 0, 1);

    private static double Weigh(double share, bool alerted) => alerted ? 0.6 + (0.4 * Math.Clamp(share, 0, 1)) : Unalerted * Math.Clamp(share, 0, 1);

    private static ImmutableArray<CauseEvidence> Sorted(IEnumerable<CauseEvidence> evidence) => [.. evidence.OrderByDescending(item => item.Weight).Take(12)];

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>What happened since the incident's first alert began.</summary>
    private sealed class Scene
    {
        private readonly IReadOnlyCollection<AlertFact> alerts;
        private readonly IReadOnlySet<string> elsewhere;
        private readonly int start;

        public Scene(Watched watched, IReadOnlyCollection<AlertFact> alerts, IReadOnlySet<string> elsewhere)
        {
            (Watched, this.alerts, this.elsewhere) = (watched, alerts, elsewhere);
            var windows = watched.Windows;
            var began = alerts.Count == 0 ? DateTimeOffset.MaxValue : alerts.Min(alert => alert.Began);
            start = Enumerable.Range(0, windows.Count).Where(index => windows[index].To > began).DefaultIfEmpty(windows.Count - 1).First();
            var reference = windows.Count == 0 ? "" : windows[^1].Reference;
            while (start > 0 && start < windows.Count && windows[start].Reference != reference)
                start++; // what was compared with another reference says nothing about this one
            Since = [.. windows.Skip(Math.Max(0, start))];
        }

        public Watched Watched { get; }

        public IReadOnlyList<WatchedWindow> Since { get; }

        public bool Fired(AlertSignal signal, string? subject = null) => alerts.Any(alert => alert.Signal == signal && (subject is null || alert.Subject == subject));

        public IReadOnlyList<ColumnScene> Columns() =>
        [
            .. Since.SelectMany(window => window.Columns.Keys).Distinct(StringComparer.Ordinal).Where(name => !elsewhere.Contains(name)).Order(StringComparer.Ordinal).Select(Column),
        ];

        private ColumnScene Column(string name)
        {
            double psi = 0, chance = 0, step = 0, missing = 0, fresh = 0, violations = 0;
            for (var index = Math.Max(0, start); index < Watched.Windows.Count; index++)
            {
                var window = Watched.Windows[index];
                if (window.Columns.GetValueOrDefault(name) is not { } column)
                    continue;
                missing = Math.Max(missing, column.MissingShare - column.ReferenceMissingShare ?? 0);
                fresh = Math.Max(fresh, column.NewShare ?? 0);
                violations = Math.Max(violations, column.ViolationShare ?? 0);
                if (column.Shape is not { } shape)
                    continue;
                if (shape.Psi > psi)
                    (psi, chance) = (shape.Psi, Readings.ChanceOf(shape));
                if (index > 0 && Watched.Windows[index - 1] is { } before && before.Reference == window.Reference
                    && before.Columns.GetValueOrDefault(name)?.Shape is { } earlier && Readings.Between(earlier, shape) is { } between && between.Reaches(Step))
                    step = Math.Max(step, Math.Min(between.Value, shape.Psi));
            }

            var drift = Fired(AlertSignal.ColumnDrift, name);
            return new ColumnScene(
                name, psi, psi >= AlertRule.BeyondChance * chance, step, missing, fresh, violations, drift,
                drift || Fired(AlertSignal.MissingShare, name) || Fired(AlertSignal.NewValues, name) || Fired(AlertSignal.ContractViolations, name));
        }
    }

    /// <param name="Psi">Largest against the reference.</param>
    /// <param name="Step">Largest from one window to the next that also led away from the reference.</param>
    private sealed record ColumnScene(string Name, double Psi, bool BeyondChance, double Step, double MissingRise, double NewShare, double Violations, bool DriftAlerted, bool Alerted);
}
