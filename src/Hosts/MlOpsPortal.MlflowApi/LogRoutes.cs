using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Tracking.Logging;

namespace MlOpsPortal.MlflowApi;

/// <summary>What runs log, most of all traffic: log-batch is read straight from the bytes.</summary>
internal static class LogRoutes
{
    public static void MapLogging(this MlflowRoutes routes)
    {
        routes.Map("POST", "runs/log-metric",
            fields => (Id: RunRoutes.Id(fields), Batch: LogBatch.OfMetric(Metric(fields))),
            (call, request) => call.Desk<LogDesk>().LogAsync(call.Caller, request.Id, request.Batch, call.Aborted));
        routes.Map("POST", "runs/log-parameter",
            fields => (Id: RunRoutes.Id(fields), Batch: LogBatch.OfParam(fields.Required("key"), fields.Text("value") ?? "")),
            (call, request) => call.Desk<LogDesk>().LogAsync(call.Caller, request.Id, request.Batch, call.Aborted));
        routes.Map("POST", "runs/set-tag",
            fields => (Id: RunRoutes.Id(fields), Batch: LogBatch.OfTag(fields.Required("key"), fields.Text("value") ?? "")),
            (call, request) => call.Desk<LogDesk>().LogAsync(call.Caller, request.Id, request.Batch, call.Aborted));
        routes.MapRaw("POST", MlflowRoutes.Api + "runs/log-batch", async call =>
        {
            if (!call.HasBodyType())
                return MlflowAnswer.Refused(MlflowRefusals.ContentType());
            var read = await LogBatchReader.ReadAsync(call);
            return read.IsOk ? MlflowAnswer.Of(await call.Desk<LogDesk>().LogAsync(call.Caller, read.Value.Run, read.Value.Batch, call.Aborted)) : MlflowAnswer.Refused(read.Refusal);
        });
    }

    private static LoggedMetric Metric(MlflowFields fields)
    {
        var key = fields.Required("key");
        var value = fields.Double("value");
        if (value is null)
            fields.Missing("value");
        var timestamp = fields.Int64("timestamp");
        if (timestamp is null)
            fields.Missing("timestamp");
        return new LoggedMetric(key, value ?? 0, timestamp ?? 0, fields.Int64("step") ?? 0, fields.Text("model_id"), fields.Text("dataset_name"), fields.Text("dataset_digest"));
    }
}
