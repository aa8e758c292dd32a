using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Registry;

/// <summary>Points an alias at a version; whichever version had it loses it.</summary>
public sealed partial record SetAlias(string Alias, ModelVersionId Version) : VersionCommand(Version)
{
    public const string Champion = "champion";
    public const string Candidate = "candidate";

    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        if (!Shape().IsMatch(Alias) || Number().IsMatch(Alias))
            return ModelsErrors.AliasName();
        if (version.State != VersionState.Ready)
            return ModelsErrors.NotReady(version.Number);
        var before = model.AliasTarget(Alias);
        if (before?.Id == version.Id)
            return Change.To(model);
        if (before is null && model.Aliases.Length >= ModelLimits.Aliases)
            return ModelsErrors.TooManyAliases(ModelLimits.Aliases);
        var by = Person.Of(facts.Caller);
        var after = model with
        {
            Aliases = [.. model.Aliases.Where(alias => alias.Name != Alias), new Alias(Alias, version.Id, by, facts.Now)],
            AliasHistory = [new AliasMove(Alias, before?.Number, version.Number, by, facts.Now), .. model.AliasHistory.Take(ModelLimits.AliasHistory - 1)],
        };
        return Change.To(after, new AliasSet(Alias, before?.Number, version.Number));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,49}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Shape();

    /// <summary>An alias that reads as a version's number would be taken for it.</summary>
    [GeneratedRegex("^v?[0-9]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Number();
}

/// <summary>Takes an alias away.</summary>
public sealed record RemoveAlias(string Alias) : ModelCommand
{
    protected override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults)
    {
        if (model.AliasTarget(Alias) is not { } before)
            return new NotFound();
        var after = model with
        {
            Aliases = [.. model.Aliases.Where(alias => alias.Name != Alias)],
            AliasHistory = [new AliasMove(Alias, before.Number, null, Person.Of(facts.Caller), facts.Now), .. model.AliasHistory.Take(ModelLimits.AliasHistory - 1)],
        };
        return Change.To(after, new AliasRemoved(Alias, before.Number));
    }
}
