using System.Text.Json.Nodes;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>What a call showed.</summary>
/// <param name="Fault">Null if the call is equal, or better as listed.</param>
internal sealed record Verdict(Call Call, bool IsImprovement, string? Fault);

/// <summary>Judges one call, played at both servers.</summary>
internal static class Comparison
{
    /// <summary>What is wrong with the corpus itself, if anything is: MLflow must answer as the file says.</summary>
    public static string? OfCorpus(Call call, Answer theirs)
    {
        if (theirs.Missing is { } missing)
            return $"{call.Title}: {missing} was not kept by an earlier call.";
        var answered = new Expectation(theirs.Status, theirs.ErrorCode);
        if (answered != call.Expected)
            return $"{call.Title}: MLflow answers {answered}, the file expects {call.Expected}: {Short(theirs.Text)}";
        if (Missing(call, theirs) is { } header)
            return $"{call.Title}: MLflow's {header}";
        return call.Says is { } says && theirs.Message?.Contains(theirs.Variables.Fill(says), StringComparison.Ordinal) != true ? $"{call.Title}: MLflow does not say \"{says}\": {Short(theirs.Text)}" : null;
    }

    public static Verdict Of(Call call, Answer theirs, Answer ours, Improvement? improvement, DateTimeOffset now)
    {
        if (ours.Missing is { } missing)
            return new Verdict(call, false, $"{call.Title}: could not be played at the portal, {missing} was not kept.");
        var (expected, got) = (Normal.Of(call, theirs, now), Normal.Of(call, ours, now));
        var (status, answered) = (new Expectation(theirs.Status, theirs.ErrorCode), new Expectation(ours.Status, ours.ErrorCode));
        var isEqual = status == answered && expected == got;
        if (improvement is not null)
            return new Verdict(call, true, Listed(call, improvement, isEqual, answered, got));
        if (!isEqual)
            return new Verdict(call, false, $"{call.Title}\n  {call.Method} {call.Path}\n  {Short(call.Body ?? "")}\n  MLflow: {status} {Short(expected, 2000)}\n  portal: {answered} {Short(got, 2000)}\n  message: {Short(ours.Message ?? "")}");
        if (call.Says is { } says && ours.Message?.Contains(ours.Variables.Fill(says), StringComparison.Ordinal) != true)
            return new Verdict(call, false, $"{call.Title}: does not say \"{says}\" but: {Short(ours.Message ?? ours.Text)}");
        if (Missing(call, ours) is { } header)
            return new Verdict(call, false, $"{call.Title}: the portal's {header}");
        return new Verdict(call, false, ours.Status >= 400 && string.IsNullOrWhiteSpace(ours.Message) ? $"{call.Title}: an error without a message." : null);
    }

    /// <summary>The first header that does not begin as it must.</summary>
    private static string? Missing(Call call, Answer answer) =>
        call.Headers.FirstOrDefault(header => answer.Headers.GetValueOrDefault(header.Name)?.StartsWith(header.Start, StringComparison.Ordinal) != true) is { } missing
            ? $"header {missing.Name} is \"{answer.Headers.GetValueOrDefault(missing.Name)}\", not \"{missing.Start}\"" : null;

    private static string? Listed(Call call, Improvement improvement, bool isEqual, Expectation answered, string got)
    {
        if (isEqual)
            return $"{call.Title}: is listed as an improvement, but both answer the same.";
        if (answered.ToString() != improvement.Answer)
            return $"{call.Title}: the improvement is {improvement.Answer}, but the portal answers {answered}: {Short(got)}";
        return improvement.Body is { } body && !JsonNode.DeepEquals(JsonNode.Parse(body.GetRawText()), JsonNode.Parse(got)) ? $"{call.Title}: the improvement's body is another: {Short(got, 2000)}" : null;
    }

    private static string Short(string text, int length = 300) => text.Length <= length ? text : text[..length] + "…";
}
