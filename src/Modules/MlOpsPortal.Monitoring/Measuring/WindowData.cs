using System.Text;
using System.Text.Json;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>A prediction as the log gives it, with what is known of it.</summary>
/// <param name="Outcome">Null while it is not known.</param>
/// <param name="IsRepeated">Its id came before, at another time.</param>
internal readonly record struct WindowRow(int? Version, double Output, int LatencyMicroseconds, string Features, double? Outcome, bool IsRepeated);

/// <summary>The predictions of one window, column by column.</summary>
internal sealed class WindowData
{
    private readonly ColumnPlan plan;
    private readonly int[] seen;
    private readonly Dictionary<int, long> versions = [];

    public WindowData(ColumnPlan plan)
    {
        this.plan = plan;
        seen = new int[plan.Columns.Length];
        Columns = Array.ConvertAll([.. plan.Columns], column => new WindowColumn(column.Kind));
    }

    public ColumnPlan Plan => plan;

    public WindowColumn[] Columns { get; }

    public int Rows { get; private set; }

    public List<double> Outputs { get; } = [];

    /// <summary>Of those whose outcome is known, side by side.</summary>
    public List<double> LabelledOutputs { get; } = [];

    public List<double> Outcomes { get; } = [];

    /// <summary>Microseconds, of predictions that were scored here.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>Answers of the off-switch.</summary>
    public long Fallbacks { get; private set; }

    public long Repeated { get; private set; }

    /// <summary>The version that gave most of the answers; the higher one of equals.</summary>
    public int? Version => versions.Count == 0 ? null : versions.MaxBy(version => (version.Value, version.Key)).Key;

    /// <param name="isOurs">Scored here: then no version means the off-switch.</param>
    public void Add(in WindowRow row, bool isOurs)
    {
        Rows++;
        if (row.Version is { } version)
            versions[version] = versions.GetValueOrDefault(version) + 1;
        if (row.IsRepeated)
            Repeated++;
        if (isOurs)
            Latencies.Add(row.LatencyMicroseconds);
        if (isOurs && row.Version is null)
            Fallbacks++;
        else
            AddAnswer(row);
        AddFeatures(row.Features);
    }

    private void AddAnswer(in WindowRow row)
    {
        Outputs.Add(row.Output);
        if (row.Outcome is not { } outcome)
            return;
        LabelledOutputs.Add(row.Output);
        Outcomes.Add(outcome);
    }

    private void AddFeatures(string features)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(features));
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var at = plan.Find(json.GetString() ?? "");
            json.Read();
            if (at < 0)
            {
                json.Skip();
                continue;
            }

            seen[at] = Rows;
            Columns[at].Add(ref json);
        }

        for (var column = 0; column < Columns.Length; column++)
            if (seen[column] != Rows)
                Columns[column].AddMissing();
    }
}
