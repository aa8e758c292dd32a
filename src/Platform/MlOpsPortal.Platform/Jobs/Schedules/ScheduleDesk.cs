using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Jobs.Schedules;

/// <summary>Work that is to come again.</summary>
/// <param name="Kind">An <see cref="IJobKind"/>'s; one schedule per kind and subject.</param>
/// <param name="Every">At least <see cref="ScheduleOptions.MinInterval"/>, at most a year.</param>
/// <param name="FirstAt">Times are whole multiples of <paramref name="Every"/> after it; may lie in the past. Null: now.</param>
/// <param name="Spec">Serialised as JSON for the kind.</param>
public sealed record NewSchedule(string Kind, Subject Subject, string Title, TimeSpan Every, DateTimeOffset? FirstAt, object Spec);

/// <summary>Sets and removes schedules inside the unit of work of what they belong to. Their jobs run as the portal itself (<see cref="Caller.Portal"/>),
/// so that they outlive whoever set them.</summary>
public sealed class ScheduleDesk(IOptions<ScheduleOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>What is wrong with an interval; null when nothing is.</summary>
    public Validation? Check(string field, TimeSpan every) =>
        every >= options.Value.MinInterval && every <= Longest
            ? null
            : new Validation("invalid") { Fields = [new FieldFault(field, "schedules.interval", Minutes(options.Value.MinInterval), Longest.TotalDays.ToString(CultureInfo.InvariantCulture))] };

    /// <summary>Adds the schedule to the unit of work, or changes the one that the subject has for the kind.</summary>
    /// <returns>Invalid for an interval that is too short, Conflict when the tenant has as many as it may.</returns>
    public async Task<Result<Done>> SetAsync(TenantDbContext db, NewSchedule schedule, CancellationToken cancellationToken)
    {
        if (Check("every", schedule.Every) is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        var first = schedule.FirstAt ?? now;
        var row = await FindAsync(db, schedule.Kind, schedule.Subject.Id, cancellationToken);
        if (row is null)
        {
            if (await db.Schedules.CountAsync(cancellationToken) >= options.Value.MostPerTenant)
                return new Conflict("schedules.too_many", options.Value.MostPerTenant.ToString(CultureInfo.InvariantCulture));
            row = New(schedule, first, now);
            db.Schedules.Add(row);
        }

        var moved = row.Every != schedule.Every || row.FirstAt != first;
        (row.Title, row.Spec, row.Every, row.FirstAt) = (schedule.Title, JsonSerializer.Serialize(schedule.Spec, schedule.Spec.GetType(), PortalJson.Options), schedule.Every, first);
        if (moved)
            row.NextAt = Next(first, schedule.Every, now);
        return Done.Instance;
    }

    /// <summary>Removes the schedule, if there is one, with the unit of work.</summary>
    public static async Task RemoveAsync(TenantDbContext db, string kind, string subjectId, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, kind, subjectId, cancellationToken) is { } row)
            db.Schedules.Remove(row);
    }

    public static Task<ScheduleRow?> FindAsync(TenantDbContext db, string kind, string subjectId, CancellationToken cancellationToken) =>
        db.Schedules.SingleOrDefaultAsync(row => row.Kind == kind && row.SubjectId == subjectId, cancellationToken);

    /// <summary>The first time after <paramref name="after"/> that is a whole number of intervals from <paramref name="first"/>; the first itself while it lies ahead.</summary>
    public static DateTimeOffset Next(DateTimeOffset first, TimeSpan every, DateTimeOffset after) =>
        first > after ? first : first + (every * (Math.Floor((after - first) / every) + 1));

    private static ScheduleRow New(NewSchedule schedule, DateTimeOffset first, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Kind = schedule.Kind,
        Scope = schedule.Subject.Scope,
        SubjectKind = schedule.Subject.Kind,
        SubjectId = schedule.Subject.Id,
        Title = schedule.Title,
        Spec = "{}",
        Every = schedule.Every,
        FirstAt = first,
        NextAt = Next(first, schedule.Every, now),
    };

    private static string Minutes(TimeSpan span) => span.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);
}
