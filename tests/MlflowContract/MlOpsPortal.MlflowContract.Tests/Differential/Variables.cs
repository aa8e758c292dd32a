namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>What the calls of one file kept at one server.</summary>
internal sealed class Variables
{
    private readonly List<(string Name, string Value, bool IsExperiment)> kept = [];

    public void Keep(Kept what, string value)
    {
        kept.RemoveAll(one => one.Name == what.Variable);
        kept.Add((what.Variable, value, what.Path.EndsWith("experiment_id", StringComparison.Ordinal)));
    }

    public string Fill(string text)
    {
        foreach (var (name, value, _) in kept)
            text = text.Replace($"${{{name}}}", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The first placeholder that <see cref="Fill"/> would leave.</summary>
    public string? MissingIn(string? text)
    {
        if (text is null)
            return null;
        var filled = Fill(text);
        var at = filled.IndexOf("${", StringComparison.Ordinal);
        return at < 0 ? null : filled[at..(filled.IndexOf('}', at) + 1)];
    }

    /// <summary>The placeholder of an experiment's id: one server counts them, the other does not.</summary>
    public string? Experiment(string id) => kept.Find(one => one.IsExperiment && one.Value == id) is { Name: { } name } ? $"${{{name}}}" : null;

    /// <summary>Puts placeholders back for ids that are too long to be anything else.</summary>
    public string Abstract(string text)
    {
        foreach (var (name, value, _) in kept.Where(one => one.Value.Length >= 32))
            text = text.Replace(value, $"${{{name}}}", StringComparison.Ordinal);
        return text;
    }
}
