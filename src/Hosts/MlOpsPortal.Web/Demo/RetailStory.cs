using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Suitability;

namespace MlOpsPortal.Web.Demo;

/// <summary>"Offers near you": the retail project of the demo tenant, stage by stage, through the same use cases that people use.
/// Each step looks whether it was done before, so that a seeding that was cut off goes on.</summary>
internal sealed class RetailStory(ProjectPortfolio portfolio, ProjectDesk desk, ScopeMemberDesk members, TokenDesk tokens, RetailRecord record, TimeProvider time)
{
    private const string Name = "Offers near you";

    public async Task<ProjectId> BusinessAsync(IReadOnlyDictionary<Role, Caller> people, string samples, CancellationToken cancellationToken)
    {
        var owner = people[Role.BusinessOwner];
        var there = (await portfolio.ListAsync(owner, PageRequest.Of(PageRequest.MaxLimit, null), archived: false, cancellationToken)).Items.FirstOrDefault(project => project.Name == Name);
        var id = there?.Id ?? (await desk.CreateAsync(owner, Name, "Tell each shopper the local offer that interests them, every two weeks.", cancellationToken)).Required().State.Id;
        var known = (await members.ListAsync(owner, id.Scope, cancellationToken)).Required().Select(member => member.User).ToHashSet();
        var services = (await tokens.ListServiceAccountsAsync(people[Role.TenantAdministrator], cancellationToken)).Required().Select(account => account.User);
        foreach (var person in people.Values.Select(person => person.User).Concat(services).Where(person => !known.Contains(person)))
            (await members.PutAsync(owner, id.Scope, person, [], null, cancellationToken)).Required();
        await WriteAsync(owner, id, cancellationToken);
        await record.WriteAsync(owner, id, samples, cancellationToken);

        var project = (await desk.GetAsync(owner, id, cancellationToken)).Required();
        if (project.State.StageOf(Stage.BusinessUnderstanding).State == StageState.Open)
            (await desk.SignOffAsync(people[Role.RiskManager], id, Stage.BusinessUnderstanding, "Problem, KPI and costs are clear; the heuristic is a fair opponent.", null, cancellationToken)).Required();
        return id;
    }

    private async Task WriteAsync(Caller owner, ProjectId id, CancellationToken cancellationToken)
    {
        var project = (await desk.GetAsync(owner, id, cancellationToken)).Required().State;
        if (project.Problem is null)
            project = await ApplyAsync(new StateProblem(
                "Every store makes special offers for two weeks, and most shoppers nearby never hear of them; offer sales are low.",
                "Shoppers near a store, and the store managers who plan the offers",
                "A leaflet by the door, and one message to everybody with the most popular offer",
                "More visits per message sent; fewer messages that interest nobody",
                ["Store managers", "Customer marketing", "Data protection"], 310_000, "EUR"));
        if (project.Objectives.IsEmpty)
            project = await ApplyAsync(new SetObjective(
                null, "Shoppers know their local offers", "Of those we write to, more come to the store.", ObjectiveType.Aspirational, new DateOnly(2024, 1, 1), new DateOnly(time.GetUtcNow().Year, 12, 31),
                [
                    new KeyResult("Visit share of contacted shoppers", "share", 0.15m, 0.20m) { Cadence = Cadence.Monthly },
                    new KeyResult("Messages nobody reacts to", "share", 0.81m, 0.75m) { Cadence = Cadence.Monthly },
                    new KeyResult("Stores with at least 3 live offers", "stores", null, 40) { Type = KeyResultType.Milestone },
                ]));
        if (project.Kpis.IsEmpty)
            project = await ApplyAsync(new DefineKpi(
                null, project.Objectives[0].Id, "Visit share", "Do messages bring shoppers into the store?",
                "contacted shoppers who visit within 14 days ÷ messages sent; messages of the last 14 days are left out, their outcome is not known yet",
                "share", KpiDirection.Increase, 0.15m, new DateOnly(2023, 12, 31), 0.20m, 0.18m, 0.15m, "Ana Reyes", Cadence.Weekly, "store visits joined with the message log"));
        if (project.Suitability is null)
            project = await ApplyAsync(new ReviewSuitability(
                [
                    new("metric_first", Answer.Yes, "Visit share, weekly, since 2023"),
                    new("heuristic_not_enough", Answer.Yes, "The most popular offer reaches an AUC of 0.52 only"),
                    new("pattern_in_data", Answer.Yes, "Distance and past visits repeat over the seasons"),
                    new("labels_available", Answer.Yes, "Visits within 14 days are known for every message of 2024"),
                    new("prediction_actionable", Answer.Yes, "It decides which offer is sent"),
                    new("errors_tolerable", Answer.Yes, "A wasted message costs little, a missed visit more"),
                    new("fresh_enough", Answer.Yes, "Everything is known when the message is planned"),
                    new("silent_failure_seen", Answer.Unsure, "To be watched in stage 5"),
                ],
                "Send the most popular offer", "category", 1, 5, "EUR", SuitabilityDecision.Go, "The pattern is richer than one rule, and errors are cheap."));
        if (project.MlProblem is null)
            await ApplyAsync(new FrameMlProblem(MlTask.Binary, "visited_within_14_days", "one shopper and one local offer", "14 days", "Which of the local offers is sent to a shopper, if any"));

        async Task<Project> ApplyAsync(MlOpsPortal.Platform.Aggregates.Command<Project> command) =>
            (await desk.ApplyAsync(owner, id, command, expectedVersion: null, cancellationToken)).Required().State;
    }
}
