using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Suitability;

namespace MlOpsPortal.Projects.Tests;

/// <summary>Projects as tests need them, built by the commands themselves.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly TenantId Tenant = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"));
    public static readonly Caller Ana = Person("Ana Reyes", 1);
    public static readonly Caller Rui = Person("Rui Costa", 2);

    public static Project Project() => Apply(null, new CreateProject(new ProjectId(Guid.CreateVersion7(Now)), "Offers near you", "Tell each shopper the offer that interests them."), Ana);

    public static StateProblem Problem() => new("Shoppers do not know the offers near them.", "Shoppers", "A leaflet", "More visits", ["Store managers"], 310_000, "EUR");

    public static SetObjective Objective() => new(
        null, "Shoppers know their local offers", null, ObjectiveType.Committed, new DateOnly(2026, 1, 1), new DateOnly(2026, 6, 30), [new KeyResult("Visit share", "share", 0.15m, 0.20m)]);

    public static DefineKpi Kpi(ObjectiveId objective) => new(
        null, objective, "Visit share", "Do messages bring shoppers in?", "visitors within 14 days ÷ messages sent", "share", KpiDirection.Increase,
        0.15m, new DateOnly(2025, 12, 31), 0.20m, 0.18m, 0.15m, "Ana Reyes", Cadence.Weekly, "store visits");

    public static ReviewSuitability Suitability() => new(
        [.. SuitabilityQuestions.All.Select(question => new SuitabilityAnswer(question, Answer.Yes, ""))],
        "Send the most popular offer", "category", 1, 5, "EUR", SuitabilityDecision.Go, null);

    public static FrameMlProblem MlProblem() => new(MlTask.Binary, "visited_within_14_days", "one consumer and one offer", "14 days", "Which offer is sent");

    /// <summary>Stage 1 with nothing missing, written by Ana.</summary>
    public static Project CompleteProject()
    {
        var project = Apply(Apply(Project(), Problem(), Ana), Objective(), Ana);
        project = Apply(project, Kpi(project.Objectives[0].Id), Ana);
        return Apply(Apply(project, Suitability(), Ana), MlProblem(), Ana);
    }

    public static Project Apply(Project? project, Command<Project> command, Caller caller) => Decide(project, command, caller).Required().State;

    public static Result<Change<Project>> Decide(Project? project, Command<Project> command, Caller caller) => command.Decide(project, new Facts(caller, Now));

    private static Caller Person(string name, int number) => new(Tenant, new UserId(new Guid(number, 0, 0, new byte[8])), name);
}
