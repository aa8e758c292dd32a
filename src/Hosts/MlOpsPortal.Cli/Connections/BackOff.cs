using System.Net;

namespace MlOpsPortal.Cli.Connections;

/// <summary>How long to wait before a request is sent again, and for how many times.</summary>
/// <param name="Attempts">All of them, the first too.</param>
/// <param name="First">The first pause; each further one is twice as long, up to <paramref name="Longest"/>.</param>
internal sealed record BackOff(int Attempts, TimeSpan First, TimeSpan Longest)
{
    public static BackOff Usual { get; } = new(8, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>MLflow answers 500 to mistakes too, which no waiting mends.</summary>
    private const int AttemptsAtServerError = 3;

    public bool Again(int attempt, HttpStatusCode? status) => status switch
    {
        HttpStatusCode.InternalServerError => attempt < Math.Min(Attempts, AttemptsAtServerError),
        null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => attempt < Attempts,
        _ => false,
    };

    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="asked">What the server said in Retry-After.</param>
    /// <param name="luck">0..1, so that parallel requests do not come back together.</param>
    public TimeSpan Pause(int attempt, TimeSpan? asked, double luck)
    {
        var own = TimeSpan.FromTicks((long)Math.Min(First.Ticks * Math.Pow(2, attempt - 1), Longest.Ticks) is var ticks ? (long)(ticks * (0.5 + (luck / 2))) : 0);
        return asked is { } wanted && wanted > own ? (wanted < Longest * 2 ? wanted : Longest * 2) : own;
    }
}
