using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Projects.Templates;

/// <summary>The examples. Every number in them is one, to be replaced by one's own.</summary>
internal static class TemplateTexts
{
    /// <returns>Null for a blank project.</returns>
    public static TemplateText? Of(ProjectTemplate template) => template switch
    {
        ProjectTemplate.Blank => null,
        ProjectTemplate.Retail => Retail,
        ProjectTemplate.Churn => Churn,
        ProjectTemplate.Demand => Demand,
        _ => throw new ArgumentOutOfRangeException(nameof(template), template, "No such template."),
    };

    private static readonly TemplateText Retail = new(
        "Tell each shopper the local offer that interests them.",
        new("Stores make offers that most shoppers nearby never hear of, and offer sales are low.", "Shoppers near a store, and store managers", "One message to everybody with the most popular offer",
            "More visits per message sent, fewer messages that interest nobody", ["Store managers", "Customer marketing", "Data protection"], null, null),
        "Shoppers know their local offers", "Of those we write to, more come to the store.",
        [new KeyResult("Visit share of contacted shoppers", "share", 0.15m, 0.20m), new KeyResult("Unsubscribes per 1,000 messages", "per 1,000") { Type = KeyResultType.Maintain, Upper = 4, Window = 90 }],
        [
            Kpi("Visit share", "Do messages bring shoppers into the store?", "contacted shoppers who visit within 14 days ÷ messages sent; messages of the last 14 days are left out", "share",
                KpiDirection.Increase, 0.15m, 0.20m, 0.18m, 0.15m, Cadence.Weekly, "store visits joined with the message log"),
            Kpi("Open rate", "Are messages read at all?", "messages opened ÷ messages delivered", "share", KpiDirection.Increase, 0.20m, 0.30m, 0.25m, 0.20m, Cadence.Weekly, "message log"),
        ],
        new(MlTask.Binary, "visited_within_14_days", "one shopper and one offer", "14 days", "Which of the local offers is sent to a shopper, if any"));

    private static readonly TemplateText Churn = new(
        "Keep customers who are about to leave.",
        new("Customers leave without a word, and winning a new one costs several times as much as keeping one.", "Customers on a contract, and the retention team",
            "Everybody whose contract ends soon gets the same offer", "Fewer cancellations among the customers we call, fewer discounts to those who would have stayed",
            ["Customer service", "Finance", "Data protection"], null, null),
        "Customers who would leave stay", "We call those whom a call can keep.",
        [new KeyResult("Monthly cancellations", "share", 0.025m, 0.018m), new KeyResult("Share of calls that keep a customer", "share", 0.10m, 0.20m)],
        [
            Kpi("Monthly churn", "How many customers leave?", "customers who cancelled in the month ÷ customers at its start; moves between own tariffs are no cancellation", "share",
                KpiDirection.Decrease, 0.025m, 0.018m, 0.021m, 0.025m, Cadence.Monthly, "contract system"),
            Kpi("Kept after a call", "Do our calls keep people?", "called customers still with us after 60 days ÷ customers called; a random tenth is not called, for comparison", "share",
                KpiDirection.Increase, 0.70m, 0.80m, 0.75m, 0.70m, Cadence.Weekly, "call log joined with contracts"),
        ],
        new(MlTask.Binary, "cancelled_within_60_days", "one customer at the start of a week", "60 days", "Whom the retention team calls this week"));

    private static readonly TemplateText Demand = new(
        "Order what will be sold, no more and no less.",
        new("Shelves are empty of some goods while others are thrown away.", "Shoppers, store managers and buyers", "Last year's week plus a feeling", "Fewer empty shelves and less waste",
            ["Purchasing", "Store managers", "Logistics"], null, null),
        "Shelves are full and little is thrown away", "Orders follow expected demand by store, article and day.",
        [new KeyResult("Articles out of stock", "share", 0.08m, 0.04m), new KeyResult("Fresh goods thrown away", "share", 0.06m, 0.04m)],
        [
            Kpi("Out-of-stock rate", "How often is an article missing?", "article-days without stock ÷ article-days listed; closed days are left out", "share",
                KpiDirection.Decrease, 0.08m, 0.04m, 0.06m, 0.08m, Cadence.Weekly, "stock system"),
            Kpi("Forecast error", "How far off is the forecast?", "Σ |sold − forecast| ÷ Σ sold, over articles and days of the week", "share",
                KpiDirection.Decrease, 0.30m, 0.20m, 0.25m, 0.30m, Cadence.Weekly, "till joined with the forecast"),
        ],
        new(MlTask.Regression, "units_sold", "one article in one store on one day", "7 days", "How many units are ordered for the store"));

    private static Kpi Kpi(
        string name, string question, string formula, string unit, KpiDirection direction, decimal baseline, decimal target, decimal amber, decimal red, Cadence cadence, string source) =>
        new(default, 1, default, name, question, formula, unit, direction, baseline, default, target, amber, red, "", cadence, source);
}
