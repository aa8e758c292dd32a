using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Answers scoring requests of both formats: who, which deployment, read, validate, score, log, reply. No grain, no database.</summary>
internal sealed class ScoringHandler(RoutingTable table, IPermissions permissions, PredictionSpool spool, IOptions<ServingOptions> options, TimeProvider time)
{
    private readonly ScoringSlots slots = new();
    private readonly TimeSpan deadline = options.Value.Deadline;

    public async Task HandleAsync(HttpContext http, ScoringFormat format)
    {
        var started = Stopwatch.GetTimestamp();
        var name = http.GetRouteValue("name") as string ?? "";
        var found = await FindAsync(http, name);
        if (!found.IsOk)
        {
            await format.RefuseAsync(http, found.Refusal);
            return;
        }

        var served = found.Value;
        var slot = slots.Rent();
        try
        {
            var refusal = await AnswerAsync(http, format, served, slot, started);
            served.Meter.Note(Kind(refusal), slot.Cells.Rows, Stopwatch.GetElapsedTime(started));
            if (refusal is not null)
            {
                await format.RefuseAsync(http, refusal);
                return;
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = slot.Reply.WrittenCount;
            await http.Response.BodyWriter.WriteAsync(slot.Reply.WrittenMemory, http.RequestAborted);
        }
        finally
        {
            slots.Return(slot);
        }
    }

    /// <summary>Scores a body of the plain format outside HTTP: for the form on the endpoint's page. Counted and logged like any other.</summary>
    /// <returns>The reply as UTF-8 JSON.</returns>
    public async Task<Result<byte[]>> ScoreAsync(Caller caller, string name, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = await FindAsync(caller, name, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var slot = slots.Rent();
        try
        {
            slot.GrowBody(body.Length);
            body.CopyTo(slot.Body);
            slot.BodyLength = body.Length;
            var refusal = found.Value.Off is { Fallback: null } off
                ? DeploymentsErrors.Off(name, off.Reason)
                : await AnswerAsync(ScoringFormat.Plain, found.Value, slot, started);
            found.Value.Meter.Note(Kind(refusal), slot.Cells.Rows, Stopwatch.GetElapsedTime(started));
            return refusal is null ? slot.Reply.WrittenSpan.ToArray() : refusal;
        }
        finally
        {
            slots.Return(slot);
        }
    }

    /// <summary>The deployment of that name, for one who may score it. What is hidden and what is not there read the same.</summary>
    public async ValueTask<Result<ServedDeployment>> FindAsync(HttpContext http, string name)
    {
        var caller = Caller.From(http.User) ?? throw new InvalidOperationException("Scoring needs a signed-in caller by policy.");
        var found = await FindAsync(caller, name, http.RequestAborted);
        return found.IsOk && http.GetRouteValue("version") is string version && found.Value.Model?.Label != version ? DeploymentsErrors.NoVersion(version) : found;
    }

    private async ValueTask<Result<ServedDeployment>> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        if (table.Find(caller.Tenant, name) is not { } served)
            return DeploymentsErrors.NoEndpoint(name);
        var allowed = await permissions.DemandAsync(caller, served.Scope, DeploymentsPermissions.Score, cancellationToken);
        if (allowed.IsOk)
            return served;
        return allowed.Refusal is NotFound ? DeploymentsErrors.NoEndpoint(name) : allowed.Refusal;
    }

    private static Outcome Kind(Refusal? refusal) => refusal switch
    {
        null => Outcome.Answered,
        Unavailable { Kind: UnavailableKind.TooSlow } => Outcome.TimedOut,
        Unavailable => Outcome.Unavailable,
        Validation { Code: "deployments.not_finite" or "deployments.run_failed" } => Outcome.Failed,
        _ => Outcome.BadInput,
    };

    /// <returns>Null when the reply is in the slot.</returns>
    private async ValueTask<Refusal?> AnswerAsync(HttpContext http, ScoringFormat format, ServedDeployment served, ScoringSlot slot, long started)
    {
        if (served.Off is { Fallback: null } off)
            return DeploymentsErrors.Off(served.Name, off.Reason);
        if (RequestBody.CheckType(http.Request) is { } wrongType)
            return wrongType;
        if (await RequestBody.ReadAsync(http.Request, slot, http.RequestAborted) is { } tooLarge)
            return tooLarge;
        return await AnswerAsync(format, served, slot, started);
    }

    /// <summary>Answers the body that is in the slot.</summary>
    private async ValueTask<Refusal?> AnswerAsync(ScoringFormat format, ServedDeployment served, ScoringSlot slot, long started)
    {
        if (Hold(served) is not { } model)
            return served.Silence;
        try
        {
            return await AnswerAsync(format, served, model, slot, started);
        }
        finally
        {
            model.LetGo();
        }
    }

    private async ValueTask<Refusal?> AnswerAsync(ScoringFormat format, ServedDeployment served, LoadedModel model, ScoringSlot slot, long started)
    {
        var now = time.GetMicrosecondNow();
        if (Read(format, model.Plan, slot, now) is { } unreadable)
            return unreadable;
        var rows = slot.Cells.Rows;
        slot.MakeRoomForAnswers(rows);
        if (served.Off is { Fallback: { } fallback })
            slot.Answers.AsSpan(0, rows).Fill(fallback);
        else if (rows > 0 && Score(model, slot) is { } failed)
            return failed;
        GiveIds(slot, now);
        var occurredAt = slot.OccurredAt ?? now;
        if (rows > 0)
        {
            PredictionFrames.Write(slot, served, model.Plan, served.Off is null ? model.Version : null, occurredAt, now, Stopwatch.GetElapsedTime(started));
            if (await LogAsync(served, slot) is { } notLogged)
                return notLogged;
        }

        format.Write(slot, new AnswerFacts(served.Name, served.Off is null ? model.Label : "fallback", model.Plan, occurredAt, served.Off is not null));
        return null;
    }

    /// <summary>The model that answers now; the table may have been swapped since the deployment was found.</summary>
    private LoadedModel? Hold(ServedDeployment served)
    {
        if (served.Model is null)
            return null;
        if (served.Model.TryHold())
            return served.Model;
        return table.Find(served.Tenant, served.Name)?.Model is { } next && next.TryHold() ? next : null;
    }

    private static Validation? Read(ScoringFormat format, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now)
    {
        try
        {
            format.Read(slot.Body.AsSpan(0, slot.BodyLength), plan, slot, now);
            return slot.Faults.Any ? slot.Faults.Refusal : null;
        }
        catch (UnreadableException exception)
        {
            return slot.Faults.Any ? slot.Faults.Refusal : exception.Refusal;
        }
        catch (TooManyRowsException)
        {
            return DeploymentsErrors.TooManyRows(PlainRequest.MaxRows);
        }
        catch (JsonException exception)
        {
            return new UnreadableException("$", "deployments.json", Position(exception.LineNumber), Position(exception.BytePositionInLine)).Refusal;
        }
    }

    private static string Position(long? number) => ((number ?? 0) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Refusal? Score(LoadedModel model, ScoringSlot slot)
    {
        var rows = slot.Cells.Rows;
        try
        {
            ScoreRows.Run(model, slot.Cells, slot.Answers.AsSpan(0, rows), slot.StartDeadline(deadline));
        }
        catch (OperationCanceledException)
        {
            return DeploymentsErrors.TooSlow(deadline);
        }
        catch (OnnxException exception)
        {
            return DeploymentsErrors.RunFailed(exception.Message.ReplaceLineEndings(" "));
        }
        finally
        {
            slot.StopDeadline();
        }

        for (var row = 0; row < rows; row++)
            if (!double.IsFinite(slot.Answers[row]))
                return DeploymentsErrors.NotFinite(row);
        return null;
    }

    private static void GiveIds(ScoringSlot slot, DateTimeOffset now)
    {
        for (var row = 0; row < slot.Cells.Rows; row++)
            slot.Ids.Add(slot.CallerIds.Count > 0 ? slot.CallerIds[row]! : Id.Text(Guid.CreateVersion7(now))); // one per row was checked
    }

    /// <returns>Null when the predictions are on disk, or when the deployment prefers an answer to a record.</returns>
    private async ValueTask<Refusal?> LogAsync(ServedDeployment served, ScoringSlot slot)
    {
        Refusal refusal;
        try
        {
            if (await spool.AppendAsync(slot.Frames.WrittenSpan, slot.Cells.Rows))
                return null;
            refusal = DeploymentsErrors.SpoolFull();
        }
        catch (IOException)
        {
            refusal = DeploymentsErrors.SpoolFailed();
        }

        if (served.WhenSpoolFull == WhenSpoolFull.Refuse)
            return refusal;
        served.Meter.NoteDropped(slot.Cells.Rows);
        return null;
    }
}
