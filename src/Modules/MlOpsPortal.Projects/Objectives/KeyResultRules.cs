using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Objectives;

/// <summary>What each type of key result must say so that its progress can be computed.</summary>
internal static class KeyResultRules
{
    private const decimal MostWeight = 1000;
    private const int LongestZone = 400;
    private const int LongestWindow = 3660;

    public static void Check(Faults faults, string at, KeyResult result)
    {
        faults.Text($"{at}.title", result.Title, 200).Text($"{at}.unit", result.Unit, 50).OptionalText($"{at}.owner", result.Owner, 200)
            .When(result.Weight is < 0 or > MostWeight, $"{at}.weight", "projects.weight")
            .Measure($"{at}.start", result.Start).Measure($"{at}.target", result.Target).Measure($"{at}.lower", result.Lower).Measure($"{at}.upper", result.Upper)
            .Measure($"{at}.commit", result.Commit).Measure($"{at}.stretch", result.Stretch);
        switch (result.Type)
        {
            case KeyResultType.Change:
                faults.When(result.Start is null, $"{at}.start", "required").When(result.Target is null, $"{at}.target", "required")
                    .When(result.Start is not null && result.Start == result.Target, $"{at}.target", "projects.start_is_target");
                break;
            case KeyResultType.Maintain:
                faults.When(result.Lower is null && result.Upper is null, $"{at}.lower", "projects.band_needed").When(result.Lower >= result.Upper, $"{at}.upper", "projects.band_order")
                    .When(result.Window is < 1 or > LongestWindow, $"{at}.window", "projects.window");
                break;
            case KeyResultType.Milestone:
                faults.When(result.Target <= 0, $"{at}.target", "projects.milestone_total");
                break;
            case KeyResultType.Zones:
                faults.When(result.Start is null, $"{at}.start", "required").When(result.Stretch is null, $"{at}.stretch", "required")
                    .When(result.Start is not null && result.Start == result.Stretch, $"{at}.stretch", "projects.start_is_target")
                    .When(!InOrder([result.Start, result.Commit, result.Target, result.Stretch]), $"{at}.stretch", "projects.zone_order");
                break;
            case KeyResultType.Ordinal:
                faults.When(result.Texts is null, $"{at}.texts", "required");
                if (result.Texts is { } texts)
                    faults.Text($"{at}.texts.commit", texts.Commit, LongestZone).Text($"{at}.texts.target", texts.Target, LongestZone).Text($"{at}.texts.stretch", texts.Stretch, LongestZone);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(result), result.Type, "No such type.");
        }
    }

    /// <summary>The given marks go strictly one way.</summary>
    private static bool InOrder(IEnumerable<decimal?> marks)
    {
        var given = marks.OfType<decimal>().ToList();
        var steps = given.Zip(given.Skip(1), (low, high) => Math.Sign(high - low)).Distinct().ToList();
        return steps.Count == 0 || (steps.Count == 1 && steps[0] != 0) || given.Count < 2;
    }
}
