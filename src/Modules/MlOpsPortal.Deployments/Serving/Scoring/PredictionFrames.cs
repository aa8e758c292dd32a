using System.Text.Json;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Turns a request's answers into frames for the spool, one per row.</summary>
internal static class PredictionFrames
{
    public static void Write(ScoringSlot slot, ServedDeployment served, ScoringPlan plan, int? version, DateTimeOffset occurredAt, DateTimeOffset now, TimeSpan took)
    {
        for (var row = 0; row < slot.Cells.Rows; row++)
        {
            slot.Features.ResetWrittenCount();
            slot.FeatureJson.Reset(slot.Features);
            WriteFeatures(slot.FeatureJson, plan, slot.Cells, row);
            var answer = slot.Answers[row];
            SpoolFrame.Write(
                slot.Frames, served.Tenant, served.Id, slot.Ids[row], slot.HasTimes ? slot.Times[row] : occurredAt, now, version, answer, plan.IsBinary ? Replies.LabelOf(plan, answer) : null,
                (int)Math.Min(took.TotalMicroseconds, int.MaxValue), slot.Features.WrittenSpan);
        }
    }

    private static void WriteFeatures(Utf8JsonWriter json, ScoringPlan plan, RowCells cells, int row)
    {
        json.WriteStartObject();
        foreach (var feature in plan.Features)
        {
            if (feature.Element == OnnxElementType.String)
                json.WriteString(feature.JsonName, cells.Text(row, feature.Index));
            else if (feature.IsReal)
                WriteReal(json, feature, cells.Real(row, feature.Index));
            else if (feature.Type == FeatureType.Boolean)
                json.WriteBoolean(feature.JsonName, cells.Whole(row, feature.Index) != 0);
            else
                json.WriteNumber(feature.JsonName, cells.Whole(row, feature.Index));
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteReal(Utf8JsonWriter json, PlannedFeature feature, double value)
    {
        if (double.IsNaN(value))
            json.WriteNull(feature.JsonName);
        else if (feature.Type == FeatureType.Boolean)
            json.WriteBoolean(feature.JsonName, value > 0.5);
        else
            json.WriteNumber(feature.JsonName, value);
    }
}
