using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Endpoints;

/// <summary>Strangers stay outside, at every endpoint that the running portal answers to. expectations.md has an entry for each.</summary>
[Collection<PortalCollection>]
public sealed class IsolationTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Every_endpoint_has_an_entry_and_every_entry_an_endpoint()
    {
        // A page's form is covered by the page's own entry, see Forms_of_pages.
        var served = ServedEndpoint.Of(world.Portal.Services).Where(endpoint => !endpoint.IsPage || endpoint.Method == "GET").Select(endpoint => endpoint.Name).ToHashSet(StringComparer.Ordinal);
        var entries = Expectation.All.Select(entry => entry.Name).ToList();

        served.Except(entries, StringComparer.Ordinal).ShouldBeEmpty("endpoints without an entry in expectations.md");
        entries.Except(served, StringComparer.Ordinal).ShouldBeEmpty("entries without an endpoint");
        entries.ShouldBeUnique();
    }

    [Fact]
    public async Task Nobody_comes_in_without_a_token()
    {
        using var nobody = world.Portal.Client();
        var wrong = new List<string>();
        foreach (var entry in Expectation.All)
        {
            var answer = await AskAsync(nobody, entry, world.Our);
            var fits = entry.Kind switch
            {
                "open" => answer.Status is < 500 and not 401,
                "page" => answer.Status is 302 && answer.Location?.Contains("/sign-in", StringComparison.Ordinal) == true,
                _ => answer.Status == 401,
            };
            if (!fits || Leaks(answer, world.ProjectCanary, world.TenantCanary))
                wrong.Add($"{entry.Name}: {answer}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_tenants_administrator_finds_nothing()
    {
        using var session = await world.Portal.SignInAsync(world.Theirs.Administrator);
        var wrong = new List<string>();
        foreach (var entry in Expectation.All)
        {
            var client = entry.Kind == "page" ? session : world.Theirs.Administrator.Client;
            var answer = await AskAsync(client, entry, world.Our);
            if (entry.Kind is "id" or "page")
            {
                var unknown = await AskAsync(client, entry, world.Unknown);
                if (!answer.ReadsAs(unknown, entry.Kind == "page") || (entry.Kind == "id" && answer.Status != 404))
                    wrong.Add($"{entry.Name}: {answer}, but for an unknown id {unknown}");
            }

            if (answer.Status >= 500 || Leaks(answer, world.ProjectCanary, world.TenantCanary))
                wrong.Add($"{entry.Name}: {answer}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_member_of_another_project_finds_nothing_of_this_one()
    {
        using var session = await world.Portal.SignInAsync(world.Ours.Outsider);
        var wrong = new List<string>();
        foreach (var entry in Expectation.All.Where(entry => entry.Outsider != "-"))
        {
            var client = entry.Kind == "page" ? session : world.Ours.Outsider.Client;
            var answer = await AskAsync(client, entry, world.Our);
            if (entry.Outsider == "404" && entry.Kind == "id" && await AskAsync(client, entry, thing => thing == "t" ? world.Our(thing) : world.Unknown(thing)) is var unknown && !answer.ReadsAs(unknown, shapeOnly: false))
                wrong.Add($"{entry.Name}: {answer}, but for an unknown id {unknown}");
            if (answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) != entry.Outsider || Leaks(answer, world.ProjectCanary))
                wrong.Add($"{entry.Name}: expected {entry.Outsider}, was {answer}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_viewer_of_the_project_may_look_and_no_more()
    {
        using var session = await world.Portal.SignInAsync(world.Ours[Role.Viewer]);
        var wrong = new List<string>();
        foreach (var entry in Expectation.All.Where(entry => entry.Viewer != "-"))
        {
            var answer = await AskAsync(entry.Kind == "page" ? session : world.Ours[Role.Viewer].Client, entry, world.Our);
            if (answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) != entry.Viewer)
                wrong.Add($"{entry.Name}: expected {entry.Viewer}, was {answer}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forms_of_pages_take_nothing_from_elsewhere()
    {
        using var nobody = world.Portal.Client();
        using var session = await world.Portal.SignInAsync(world.Theirs.Administrator);
        var wrong = new List<string>();
        foreach (var page in ServedEndpoint.Of(world.Portal.Services).Where(endpoint => endpoint is { IsPage: true, Method: "POST" }))
        {
            var entry = new Expectation(page.Name, "", "page", "-", "-");
            foreach (var client in new[] { nobody, session })
                if (await AskAsync(client, entry, world.Our) is var answer && (answer.Status is not (302 or 400 or 401 or 403 or 404) || Leaks(answer, world.ProjectCanary, world.TenantCanary)))
                    wrong.Add($"{page.Name}: {answer}");
        }

        wrong.ShouldBeEmpty();
    }

    private static bool Leaks(Answer answer, params string[] canaries) => canaries.Any(canary => (answer.Body + answer.Location).Contains(canary, StringComparison.OrdinalIgnoreCase));

    private static async Task<Answer> AskAsync(HttpClient client, Expectation entry, Func<string, string> thing)
    {
        // An answer may repeat what it was asked for.
        var asked = new HashSet<string>(StringComparer.Ordinal) { thing("endpoint-name") };
        using var request = entry.Request(name =>
        {
            var id = thing(name);
            asked.UnionWith(World.Ids().Matches(id).Select(match => match.Value));
            return id;
        });
        using var answer = await client.SendAsync(request);
        var body = asked.Aggregate(await answer.Content.ReadAsStringAsync(), (text, id) => text.Replace(id, "{asked}", StringComparison.Ordinal));
        return new Answer((int)answer.StatusCode, body, answer.Headers.Location?.ToString(), answer.Content.Headers.ContentType?.ToString());
    }

    private sealed record Answer(int Status, string Body, string? Location, string? Type)
    {
        /// <summary>Could a stranger tell the two apart? The trace's id is the request's own.</summary>
        /// <param name="shapeOnly">A page names its own address and a token of its form: their length may differ, the sentence may not.</param>
        public bool ReadsAs(Answer other, bool shapeOnly) =>
            Status == other.Status && Type == other.Type && (shapeOnly || WithoutTrace(Body) == WithoutTrace(other.Body));

        public override string ToString() => $"{Status} {Location}{Body[..Math.Min(Body.Length, 300)]}";

        private static string WithoutTrace(string body)
        {
            if (!body.StartsWith('{') || System.Text.Json.Nodes.JsonNode.Parse(body) is not System.Text.Json.Nodes.JsonObject json)
                return body;
            json.Remove("traceId");
            return json.ToJsonString();
        }
    }
}
