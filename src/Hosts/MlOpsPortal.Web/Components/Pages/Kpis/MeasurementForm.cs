using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.KpiTracking;

namespace MlOpsPortal.Web.Components.Pages.Kpis;

/// <summary>A measurement while it is written.</summary>
internal sealed class MeasurementForm
{
    private const string DatasetMark = "d:";
    private const string EndpointMark = "e:";

    public List<InputForm> Inputs { get; } = [];

    public string? Numerator { get; set; }

    public string? Denominator { get; set; }

    public PeriodGrain Grain { get; set; } = PeriodGrain.Week;

    public DateOnly? First { get; set; }

    public int? SettleDays { get; set; } = 0;

    public MeasurementSpec Spec => new(
        Numerator ?? "", string.IsNullOrWhiteSpace(Denominator) ? null : Denominator, [.. Inputs.Select(input => input.Input)], Grain, First ?? default, SettleDays ?? 0);

    public static MeasurementForm Of(MeasurementSpec? spec, DateOnly today)
    {
        var form = new MeasurementForm { First = spec?.First ?? today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - (7 * 12)) }; // a Monday twelve weeks ago
        if (spec is null)
        {
            form.Inputs.Add(new InputForm { Name = "messages" });
            return form;
        }

        (form.Numerator, form.Denominator, form.Grain, form.SettleDays) = (spec.Numerator, spec.Denominator, spec.Grain, spec.SettleDays);
        form.Inputs.AddRange(spec.Inputs.Select(input => new InputForm { Name = input.Name, Source = SourceOf(input), Version = input.Version, DateColumn = input.DateColumn }));
        return form;
    }

    public static string SourceOf(DatasetId dataset) => DatasetMark + dataset;

    public static string SourceOf(DeploymentId endpoint) => EndpointMark + endpoint;

    private static string? SourceOf(MeasurementInput input) => input switch
    {
        { Dataset: { } dataset } => SourceOf(dataset),
        { Endpoint: { } endpoint } => SourceOf(endpoint),
        _ => null,
    };

    public sealed class InputForm
    {
        public string? Name { get; set; }

        /// <summary>What stands behind the name, as the picker's value.</summary>
        public string? Source { get; set; }

        /// <summary>Null for the latest.</summary>
        public int? Version { get; set; }

        public string? DateColumn { get; set; }

        public bool IsEndpoint => Source?.StartsWith(EndpointMark, StringComparison.Ordinal) == true;

        public DatasetId? Dataset => Source?.StartsWith(DatasetMark, StringComparison.Ordinal) == true && DatasetId.TryParse(Source[DatasetMark.Length..], null, out var id) ? id : null;

        public MeasurementInput Input => new(
            Name ?? "", Dataset, Dataset is null ? null : Version,
            IsEndpoint && DeploymentId.TryParse(Source![EndpointMark.Length..], null, out var endpoint) ? endpoint : null, // an endpoint has a source
            IsEndpoint || string.IsNullOrEmpty(DateColumn) ? null : DateColumn);
    }
}
