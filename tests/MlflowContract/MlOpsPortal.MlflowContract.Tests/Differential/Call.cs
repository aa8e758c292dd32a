namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>One REST call of the corpus, as written: placeholders are still in it.</summary>
/// <param name="File">The file's name without its ending; calls of a file share what they keep.</param>
/// <param name="Path">From the server's root, with its query.</param>
/// <param name="Body">Null for none.</param>
/// <param name="Kept">Values of the answer that later calls of the file use.</param>
/// <param name="Says">What the message must contain, on both sides; messages are otherwise free.</param>
/// <param name="Ignored">Paths into the answer that are not compared, each for a reason that the file gives.</param>
/// <param name="Headers">What the answer's headers begin with, on both sides.</param>
/// <param name="Expected">What MLflow answers: status, and its error code if it has one.</param>
internal sealed record Call(
    string File, string Name, string Method, string Path, string? Body, string ContentType, IReadOnlyList<Kept> Kept, string? Says, IReadOnlyList<string> Ignored, IReadOnlyList<Header> Headers, Expectation Expected)
{
    /// <summary>Unique in the corpus; improvements are listed by it.</summary>
    public string Title => $"{File}: {Name}";
}

/// <param name="Path">Into the answer's JSON, points between names and indices.</param>
internal sealed record Kept(string Variable, string Path);

internal sealed record Header(string Name, string Start);

internal sealed record Expectation(int Status, string? ErrorCode)
{
    public override string ToString() => ErrorCode is null ? $"{Status}" : $"{Status} {ErrorCode}";
}
