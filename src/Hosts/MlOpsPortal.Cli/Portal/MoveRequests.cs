using System.Text.Json.Serialization;
using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Portal;

/// <summary>A request to move a protected alias or stage, made by an earlier import or by anybody else.</summary>
internal sealed record MoveRequest(string Model, MoveRequest.Target Move, string State, [property: JsonPropertyName("askedBy")] string AskedBy, [property: JsonPropertyName("askedAt")] DateTimeOffset AskedAt)
{
    private const string Requested = "requested";

    [JsonPropertyName("decidedBy")]
    public string? DecidedBy { get; init; }

    public string? Comment { get; init; }

    public bool IsOpen => State == Requested;

    /// <summary>Why the tool does not ask again.</summary>
    public string Sentence => IsOpen
        ? $"waits for an approval that {AskedBy} asked for at {AskedAt:u}"
        : $"was {State} in the portal by {DecidedBy ?? AskedBy}{(string.IsNullOrEmpty(Comment) ? "" : $" (\"{Comment}\")")} and is not asked for again; --move-aliases asks once more";

    /// <param name="Name">The alias or the stage.</param>
    /// <param name="Number">Of the version.</param>
    internal sealed record Target(string Kind, string Name, int Number)
    {
        public static Target Of(Kind kind, string name, int number) => new(kind == Reports.Kind.Stages ? "stage" : "setAlias", name, number);
    }
}

/// <summary>Who asked for what already: a second import does not ask again.</summary>
internal sealed class MoveRequests(MlflowConnection portal)
{
    private sealed record Page(IReadOnlyList<MoveRequest>? Items);

    private IReadOnlyList<MoveRequest>? known;

    /// <summary>The newest request for this move; null when nobody ever asked for it.</summary>
    public async Task<MoveRequest?> FindAsync(RegisteredModel model, MoveRequest.Target move, CancellationToken stop)
    {
        // Read once: what this import asks for itself it knows.
        known ??= (await portal.GetAsync<Page>("api/v1/move-requests", stop, ("all", "true"))).Items ?? [];
        return known.Where(request => request.Model == model.Name && request.Move == move && request.AskedAt.ToUnixTimeMilliseconds() >= model.CreationTimestamp)
            .MaxBy(request => request.AskedAt); // one that is older than the model was about another one of its name
    }
}
