using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Web.Ui;

/// <summary>In front of every circuit: so many open pages a person, and nobody takes up another person's circuit, whatever its id was stolen by.
/// A circuit keeps the caller that its page began with, so one that is taken up by somebody else would act as its first owner.</summary>
internal sealed class CircuitWall(TimeProvider time, ILogger<CircuitWall> log) : IHubFilter
{
    public const int MostPages = 10;

    /// <summary>Longer than a circuit without a browser is kept: who comes back in time is still known.</summary>
    private static readonly TimeSpan Memory = PortalUi.DisconnectedCircuitRetention + TimeSpan.FromMinutes(1);

    private readonly Lock turn = new();
    private readonly Dictionary<string, string> people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Circuit> circuits = new(StringComparer.Ordinal);

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (Person(context.Context) is { } person)
            lock (turn)
                people[context.Context.ConnectionId] = person;
        return next(context);
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        var connection = context.Context.ConnectionId;
        var until = time.GetUtcNow() + Memory;
        lock (turn)
        {
            people.Remove(connection);
            foreach (var (id, circuit) in circuits.Where(entry => entry.Value.Connection == connection).ToList())
                circuits[id] = circuit with { Connection = null, ForgetAt = until };
        }

        return next(context, exception);
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (Person(invocationContext.Context) is not { } person)
            return await next(invocationContext);
        return invocationContext.HubMethodName switch
        {
            "StartCircuit" => await StartAsync(invocationContext, person, next),
            "ConnectCircuit" => await TakeUpAsync(invocationContext, person, next, refusal: false),
            "ResumeCircuit" => await TakeUpAsync(invocationContext, person, next, refusal: null),
            _ => await next(invocationContext),
        };
    }

    private async ValueTask<object?> StartAsync(HubInvocationContext invocation, string person, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (HasRoom(person))
        {
            var started = await next(invocation);
            if (started is string id)
                Note(id, person, invocation.Context.ConnectionId);
            return started;
        }

        log.LogWarning("{Person} has {Most} pages open; one more was refused", person, MostPages);
        await invocation.Hub.Clients.Caller.SendAsync("JS.Error", $"More than {MostPages} pages of the portal are open.", invocation.Context.ConnectionAborted);
        return null;
    }

    private async ValueTask<object?> TakeUpAsync(HubInvocationContext invocation, string person, Func<HubInvocationContext, ValueTask<object?>> next, object? refusal)
    {
        if (invocation.HubMethodArguments is not [string id, ..] || !IsOf(id, person))
        {
            log.LogWarning("{Person} asked for a circuit that is not hers, or is no more", person);
            return refusal;
        }

        var taken = await next(invocation);
        if (taken is true or string)
            Note(taken as string ?? id, person, invocation.Context.ConnectionId);
        return taken;
    }

    private bool HasRoom(string person)
    {
        var now = time.GetUtcNow();
        lock (turn)
        {
            foreach (var (id, _) in circuits.Where(entry => entry.Value.ForgetAt <= now).ToList())
                circuits.Remove(id);
            return people.Values.Count(open => open == person) <= MostPages; // this connection is among them
        }
    }

    private void Note(string id, string person, string connection)
    {
        lock (turn)
            circuits[id] = new Circuit(person, connection, ForgetAt: null);
    }

    private bool IsOf(string id, string person)
    {
        lock (turn)
            return circuits.TryGetValue(id, out var circuit) && circuit.Person == person;
    }

    private static string? Person(HubCallerContext context) => context.User?.FindFirstValue(CallerClaims.User);

    /// <param name="Connection">Null while no browser is there.</param>
    private sealed record Circuit(string Person, string? Connection, DateTimeOffset? ForgetAt);
}
