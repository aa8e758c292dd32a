using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Objectives.CheckIns;

/// <summary><c>/api/v1/projects/{id}/key-results/{keyResult}/check-ins</c>.</summary>
internal static class CheckInEndpoints
{
    private const string Route = "/api/v1/projects/{id}/key-results/{keyResult}/check-ins";

    /// <summary>A check-in for the date in the address.</summary>
    public sealed record CheckInOfDate(decimal? Value = null, Zone? Zone = null, int? Confidence = null, string? WhatChanged = null, string? Next = null);

    public static void MapCheckIns(this IEndpointRouteBuilder endpoints)
    {
        var checkIns = endpoints.MapGroup(Route).WithTags("Check-ins");
        checkIns.MapGet("", async (Caller caller, ProjectId id, KeyResultId keyResult, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.SeriesAsync(caller, id, keyResult, cancellationToken)).ToHttp())
            .Produces<KeyResultCheckIns>().WithName("GetCheckIns").WithSummary("The key result and its check-ins by date.");
        checkIns.MapGet("history", async (Caller caller, ProjectId id, KeyResultId keyResult, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.HistoryAsync(caller, id, keyResult, cancellationToken)).ToHttp())
            .Produces<ImmutableArray<CheckIn>>().WithName("GetCheckInHistory").WithSummary("Everything that was ever said, newest first.");
        checkIns.MapPost("", async (Caller caller, ProjectId id, KeyResultId keyResult, RecordCheckIn request, HttpContext context, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.RecordAsync(caller, id, keyResult, request, cancellationToken)).WithRevision(context, checkIn => checkIn.Revision)
                .ToCreated(checkIn => $"/api/v1/projects/{id}/key-results/{keyResult}/check-ins/{checkIn.Date:yyyy-MM-dd}"))
            .Produces<CheckIn>(StatusCodes.Status201Created).WithName("CheckIn").WithSummary("Checks in for a date that has no check-in: value or zone, and confidence 0 to 10.");
        checkIns.MapPut("{date}", async (Caller caller, ProjectId id, KeyResultId keyResult, DateOnly date, CheckInOfDate request, IfMatch match, HttpContext context, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.OverwriteAsync(caller, id, keyResult, new RecordCheckIn(date, request.Value, request.Zone, request.Confidence, request.WhatChanged, request.Next), match.Revision(), cancellationToken))
                .WithRevision(context, checkIn => checkIn.Revision).ToHttp())
            .Produces<CheckIn>().WithName("SetCheckIn").WithSummary("Checks in over what is there; what was stays in the history.");
        checkIns.MapDelete("{date}", async (Caller caller, ProjectId id, KeyResultId keyResult, DateOnly date, IfMatch match, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.WithdrawAsync(caller, id, keyResult, date, match.Revision(), cancellationToken)).ToHttp())
            .Produces<CheckIn>().WithName("WithdrawCheckIn").WithSummary("Takes a check-in back; it stays in the history.");
        checkIns.MapPost("{date}/undo", async (Caller caller, ProjectId id, KeyResultId keyResult, DateOnly date, IfMatch match, CheckInDesk desk, CancellationToken cancellationToken) =>
            (await desk.UndoAsync(caller, id, keyResult, date, match.Revision(), cancellationToken)).ToHttp())
            .Produces<CheckIn>().WithName("UndoCheckIn").WithSummary("Puts back what stood before the last change of a date.");
    }
}
