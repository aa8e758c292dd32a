using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Runs;

/// <summary>Ids of runs that grow: of two that began in the same millisecond the first made sorts first, which is what lists break ties by.</summary>
internal sealed class RunIds
{
    private readonly Lock gate = new();
    private long last;
    private int place;

    public RunId Next(DateTimeOffset now)
    {
        lock (gate)
        {
            var tick = Math.Max(now.UtcTicks / TimeSpan.TicksPerMicrosecond, last);
            place = tick > last ? 0 : place + 1;
            if (place > 0x3FFF)
                (tick, place) = (tick + 1, 0);
            last = tick;
            return new RunId(Id.Ordered(new DateTimeOffset(tick * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), place));
        }
    }
}
