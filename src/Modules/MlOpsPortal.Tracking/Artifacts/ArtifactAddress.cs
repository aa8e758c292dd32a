namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Whose artifacts: a run's or a logged model's. Their ids never meet, both being UUIDs of one clock.</summary>
public readonly record struct ArtifactOwner
{
    private ArtifactOwner(Guid id, bool isModel) => (Id, IsModel) = (id, isModel);

    public Guid Id { get; }

    public bool IsModel { get; }

    public static ArtifactOwner Of(RunId run) => new(run.Value, isModel: false);

    public static ArtifactOwner Of(LoggedModelId model) => new(model.Value, isModel: true);

    public override string ToString() => IsModel ? new LoggedModelId(Id).ToString() : new RunId(Id).ToString();
}

/// <summary>An artifact or a folder: whose, and where below it.</summary>
/// <param name="Location">Where the owner's experiment keeps its artifacts, as the address named it (a path, mostly the experiment's id): must be the one it has. Null when the
/// address named the owner alone.</param>
public sealed record ArtifactAddress(ArtifactOwner Owner, ArtifactPath Path, string? Location = null)
{
    /// <summary>Of URIs that lead to this server, whatever it is called.</summary>
    public const string Scheme = "mlflow-artifacts";
    private const string Folder = "artifacts";
    private const string Models = "models";

    /// <summary>Reads <c>{location}/{run}/artifacts/…</c> and <c>{location}/models/{model}/artifacts/…</c>; the first place that looks so counts.</summary>
    /// <returns>Null for what lies nowhere of these.</returns>
    public static ArtifactAddress? Of(ArtifactPath key)
    {
        var names = key.Text.Split('/');
        for (var at = 0; at < names.Length - 1; at++)
        {
            if (names[at + 1] != Folder)
                continue;
            var (run, model) = (RunId.Parse(names[at]), LoggedModelId.Parse(names[at]));
            if (run != default && run.ToString() == names[at])
                return At(ArtifactOwner.Of(run), at, at + 2);
            if (model != default && model.ToString() == names[at] && at > 0 && names[at - 1] == Models)
                return At(ArtifactOwner.Of(model), at - 1, at + 2);
        }

        return null;

        ArtifactAddress At(ArtifactOwner owner, int location, int path) => new(owner, key.Skip(path)!.Value, string.Join('/', names[..location])); // so many names are there
    }

    /// <summary>Reads <c>mlflow-artifacts:/{location}/…</c>. Nothing of it is decoded, and neither host nor query nor fragment may be there: what could
    /// hide a part of the path is no address of ours.</summary>
    public static ArtifactAddress? OfUri(string uri)
    {
        const string Start = Scheme + ":/";
        if (!uri.StartsWith(Start, StringComparison.Ordinal) || uri.AsSpan().IndexOfAny('#', '?', ';') >= 0 || uri.Contains('%', StringComparison.Ordinal))
            return null;
        return ArtifactPath.Parse(uri[Start.Length..].TrimEnd('/')) is { } key ? Of(key) : null;
    }

    /// <summary>Where the artifacts of a run or a model begin, as MLflow's clients are told.</summary>
    /// <param name="location">Of the experiment, a URI.</param>
    public static string RootUri(string location, ArtifactOwner owner) => owner.IsModel ? $"{location.TrimEnd('/')}/{Models}/{owner}/{Folder}" : $"{location.TrimEnd('/')}/{owner}/{Folder}";
}
