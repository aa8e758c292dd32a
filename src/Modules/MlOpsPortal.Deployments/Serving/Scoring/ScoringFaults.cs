using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>What is wrong with a scoring request, by feature and row; the first twenty.</summary>
internal sealed class ScoringFaults
{
    private const int Most = 20;
    private readonly List<FieldFault> found = [];

    public bool Any => found.Count > 0;

    public Validation Refusal => new("invalid") { Fields = [.. found] };

    /// <param name="row">From 0; -1 for the request as a whole.</param>
    public void Add(int row, string field, string code, params ReadOnlySpan<string> args)
    {
        if (found.Count < Most)
            found.Add(new FieldFault(row < 0 ? field : string.Create(CultureInfo.InvariantCulture, $"rows[{row}].{field}"), code, [.. args]));
    }

    public void Clear() => found.Clear();
}

/// <summary>The body is no JSON, or not the JSON that was asked for; nothing after that can be said about it.</summary>
internal sealed class UnreadableException(FieldFault fault) : Exception(fault.Code)
{
    public UnreadableException(string place, string code, params ImmutableArray<string> args)
        : this(new FieldFault(place, code, args))
    {
    }

    public Validation Refusal => new("invalid") { Fields = [fault] };
}
