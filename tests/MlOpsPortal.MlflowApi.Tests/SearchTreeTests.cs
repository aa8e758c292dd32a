using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>Whichever way a search takes through the indexes, it finds what plain evaluation of the filter over all runs finds, in the order of a plain sort, page by page.</summary>
[Collection<PortalCollection>]
public sealed class SearchTreeTests(PortalFixture portal)
{
    private const int Runs = 300;
    private const int Searches = 250;

    [Fact]
    public async Task Random_filters_and_orders_find_what_plain_evaluation_finds()
    {
        var ada = (await portal.TenantAsync("Trees"))[Role.DataScientist];
        string[] experiments = [await ada.ExperimentAsync("trees"), await ada.ExperimentAsync("more trees")];
        var runs = Enumerable.Range(0, Runs).Select(Known.Of).ToArray();
        foreach (var run in runs)
            await WriteAsync(ada, experiments, run);
        var random = new Random(20261121);
        for (var number = 0; number < Searches; number++)
        {
            var (filter, holds) = Tree(random, 3);
            var order = Orders[random.Next(Orders.Length)];
            var several = random.Next(3) == 0;
            var expected = runs.Where(run => (several || !run.IsSecond) && holds(run)).Order(order.By).Select(run => run.Name);
            var found = await PagesAsync(ada, several ? experiments : experiments[..1], filter, order.Text, random.Next(1, 60));
            string.Join(' ', found).ShouldBe(string.Join(' ', expected), $"search {number}: {filter} ORDER BY {order.Text} in {(several ? 2 : 1)}");
        }
    }

    private static async Task WriteAsync(TestMember ada, string[] experiments, Known run)
    {
        var created = (await ada.PostAsync("runs/create", new { experiment_id = experiments[run.IsSecond ? 1 : 0], start_time = run.Start, run_name = run.Name, user_id = run.User })).Fine();
        var metrics = run.Acc is { } acc ? new[] { new { key = "acc", value = double.IsNaN(acc) ? (object)"NaN" : acc, timestamp = 1 } } : null;
        var model = run.Model is { } value ? new[] { new { key = "model", value } } : null;
        var team = run.Team is { } name ? new[] { new { key = "team", value = name } } : null;
        (await ada.LogAsync(created.Text("run", "info", "run_id"), metrics, model, team)).Fine();
    }

    private static async Task<List<string>> PagesAsync(TestMember ada, string[] experiments, string filter, string? order, int size)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = (await ada.PostAsync("runs/search", new { experiment_ids = experiments, filter, order_by = order is null ? [] : new[] { order }, max_results = size, page_token = token })).Fine();
            if (page.Body.TryGetProperty("runs", out var runs))
                names.AddRange(runs.EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_name").GetString()!)); // each has a name
            token = page.Body.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        while (token is not null && names.Count <= Runs);
        return names;
    }

    private static (string Text, Func<Known, bool> Holds) Tree(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
            return Leaf(random);
        var (left, right) = (Tree(random, depth - 1), Tree(random, depth - 1));
        return random.Next(5) switch
        {
            0 => ($"NOT ({left.Text})", run => !left.Holds(run)),
            1 or 2 => ($"({left.Text} OR {right.Text})", run => left.Holds(run) || right.Holds(run)),
            _ => ($"({left.Text} AND {right.Text})", run => left.Holds(run) && right.Holds(run)),
        };
    }

    private static (string Text, Func<Known, bool> Holds) Leaf(Random random)
    {
        var bound = random.Next(10) / 10.0;
        var (number, model, team, start) = (bound.ToString(CultureInfo.InvariantCulture), Known.Models[random.Next(Known.Models.Length)], $"team-{random.Next(8)}", 1_000 + random.Next(Runs / 2));
        return random.Next(14) switch
        {
            0 => ($"metrics.acc > {number}", run => run.Acc > bound),
            1 => ($"metrics.acc <= {number}", run => run.Acc <= bound),
            2 => ($"metrics.acc != {number}", run => run.Acc is { } acc && acc != bound),
            3 => ($"metrics.acc = {number}", run => run.Acc == bound),
            4 => ($"params.model = '{model}'", run => run.Model == model),
            5 => ($"params.model != '{model}'", run => run.Model is not null && run.Model != model),
            6 => ($"params.model IN ('{model}', 'tree')", run => run.Model == model || run.Model == "tree"),
            7 => ("params.model LIKE 'tr%'", run => run.Model?.StartsWith("tr", StringComparison.Ordinal) == true),
            8 => ($"tags.team = '{team}'", run => run.Team == team),
            9 => ("tags.team IS NULL", run => run.Team is null),
            10 => ("tags.team LIKE '%-3'", run => run.Team?.EndsWith("-3", StringComparison.Ordinal) == true),
            11 => ($"start_time >= {start}", run => run.Start >= start),
            12 => ("user_id = 'user-1'", run => run.User == "user-1"),
            _ => ($"run_name = 'r{start - 1_000}'", run => run.Name == $"r{start - 1_000}"),
        };
    }

    /// <summary>NaN comes behind every number and what is missing behind that, in both directions; then the newest first, then the first made first.</summary>
    private static readonly (string? Text, IComparer<Known> By)[] Orders =
    [
        (null, By((_, _) => 0)),
        (null, By((_, _) => 0)),
        ("start_time ASC", By((a, b) => a.Start.CompareTo(b.Start))),
        ("metrics.acc DESC", By((a, b) => Number(a.Acc, b.Acc, -1))),
        ("metrics.acc ASC", By((a, b) => Number(a.Acc, b.Acc, 1))),
        ("metrics.never", By((_, _) => 0)),
        ("params.model", By((a, b) => Text(a.Model, b.Model, 1))),
        ("params.model DESC", By((a, b) => Text(a.Model, b.Model, -1))),
        ("tags.team", By((a, b) => Text(a.Team, b.Team, 1))),
        ("tags.team DESC", By((a, b) => Text(a.Team, b.Team, -1))),
        ("user_id DESC", By((a, b) => Text(a.User, b.User, -1))),
    ];

    private static Comparer<Known> By(Comparison<Known> first) => Comparer<Known>.Create((a, b) => first(a, b) is var by and not 0 ? by : a.Start != b.Start ? b.Start.CompareTo(a.Start) : a.Number.CompareTo(b.Number));

    private static int Number(double? a, double? b, int direction)
    {
        var (left, right) = (Rank(a), Rank(b));
        return left != right ? left - right : left == 0 ? direction * a!.Value.CompareTo(b!.Value) : 0; // rank 0 is a number
        static int Rank(double? value) => value is null ? 2 : double.IsNaN(value.Value) ? 1 : 0;
    }

    private static int Text(string? a, string? b, int direction) => a is null || b is null ? (a is null ? 1 : 0) - (b is null ? 1 : 0) : direction * string.CompareOrdinal(a, b);

    private sealed record Known(int Number, bool IsSecond, long Start, double? Acc, string? Model, string? Team, string User)
    {
        public static readonly string[] Models = ["tree", "trunk", "forest", "linear", "Tree"];

        public string Name => $"r{Number}";

        public static Known Of(int n) => new(
            n, n % 7 == 0, 1_000 + (n / 2), n % 11 == 0 ? null : n % 13 == 0 ? double.NaN : n * 37 % 10 / 10.0, n % 9 == 0 ? null : Models[n * 17 % 5], n % 5 == 0 ? null : $"team-{n % 8}", $"user-{n % 3}");
    }
}
