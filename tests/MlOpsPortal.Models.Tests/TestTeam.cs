using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Suitability;

namespace MlOpsPortal.Models.Tests;

/// <summary>A tenant with a project, a data scientist in it who talks HTTP, and a risk manager.</summary>
internal sealed class TestTeam
{
    private readonly TestPortal portal;

    private TestTeam(TestPortal portal, TenantId tenant)
    {
        this.portal = portal;
        Ada = NewPerson(tenant, "Ada", Role.DataScientist);
        Rita = NewPerson(tenant, "Rita", Role.RiskManager);
        Api = Client(Ada);
    }

    public Caller Ada { get; }

    public Caller Rita { get; }

    public HttpClient Api { get; }

    public ProjectId Project { get; private set; }

    public TestDatasets Datasets => portal.Services.GetRequiredService<TestDatasets>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestTeam> NewAsync(TestPortal portal, TenantId? tenant = null)
    {
        var team = new TestTeam(portal, tenant ?? new TenantId(Guid.CreateVersion7()));
        var permissions = portal.Services.GetRequiredService<TestPermissions>();
        var project = (await portal.Services.GetRequiredService<ProjectDesk>().CreateAsync(team.Ada, "Offers " + Guid.NewGuid().ToString("n"), "Local offers", Stop)).Required();
        team.Project = project.State.Id;
        permissions.Admit(team.Rita, team.Project.Scope);
        return team;
    }

    public HttpClient Client(Caller caller)
    {
        var client = new HttpClient { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("X-Test-Caller", $"{caller.Tenant}|{caller.User}|{caller.Name}");
        return client;
    }

    public Caller NewPerson(TenantId tenant, string name, params ImmutableArray<Role> roles)
    {
        var caller = new Caller(tenant, new UserId(Guid.CreateVersion7()), name);
        portal.Services.GetRequiredService<TestPermissions>().Give(caller, roles);
        return caller;
    }

    public async Task<UploadId> UploadAsync(byte[] content, string name)
    {
        var begun = await PostAsync<UploadView>("/api/v1/uploads", new BeginUpload(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        for (var number = 0; number < begun.BlockCount; number++)
        {
            var block = content.AsMemory(number * begun.BlockSize, Math.Min(begun.BlockSize, content.Length - (number * begun.BlockSize))).ToArray();
            using var body = new ByteArrayContent(block);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/uploads/{begun.Id}/blocks/{number}") { Content = body };
            request.Headers.Add("X-Content-SHA256", Convert.ToHexStringLower(SHA256.HashData(block)));
            using var put = await Api.SendAsync(request, Stop);
            put.EnsureSuccessStatusCode();
        }

        await PostAsync<UploadView>($"/api/v1/uploads/{begun.Id}/complete", new { });
        return begun.Id;
    }

    public async Task<Model> NewModelAsync(string name, MlTask task = MlTask.Binary) => (await PostAsync<ModelView>("/api/v1/models", new NewModel(Project, name, null, task))).Model;

    /// <summary>Uploads a file and waits for the verdict on it.</summary>
    public async Task<ModelView> AddVersionAsync(ModelId model, byte[] file, string name = "model.onnx", VersionRef? trainedOn = null, byte[]? predictions = null, VersionRef? predicted = null)
    {
        var upload = await UploadAsync(file, name);
        var native = predictions is null ? (UploadId?)null : await UploadAsync(predictions, "predictions.csv");
        var view = await PostAsync<ModelView>($"/api/v1/models/{model}/versions", new NewVersion(upload, trainedOn, "from the sample", null, null, native, predicted));
        var number = view.Model.Versions.Length;
        return await UntilAsync(() => GetModelAsync(model), seen => seen.Model.Versions[number - 1].State != VersionState.Admitting);
    }

    /// <summary>A sample's model as a ready version, by what a person would do who confirms what is proposed.</summary>
    public async Task<ModelView> AddReadyVersionAsync(ModelId model, Sample sample, VersionRef training, VersionRef? predicted = null)
    {
        var admitted = await AddVersionAsync(
            model, await File.ReadAllBytesAsync(sample.ModelFile, Stop), sample.Model + ".onnx", training, predicted is null ? null : await File.ReadAllBytesAsync(sample.Predictions, Stop), predicted);
        var number = admitted.Model.Versions.Length;
        admitted.Model.Versions[^1].RefusedFor.ShouldBeNull();
        var proposal = await GetAsync<ProposalView>($"/api/v1/models/{model}/versions/{number}/contract/proposal");
        var contract = proposal.Contract with { Target = sample.Target };
        proposal.Faults.ShouldBeEmpty();
        await PutAsync<ModelView>($"/api/v1/models/{model}/versions/{number}/contract", contract);
        return predicted is null
            ? await GetModelAsync(model)
            : await UntilAsync(() => GetModelAsync(model), seen => seen.Model.Versions[number - 1].Fidelity is { Receipt: not null } or { Failed: not null });
    }

    public async Task<EvaluationView> EvaluateAsync(ModelId model, int number, VersionRef dataset)
    {
        var asked = await PostAsync<EvaluationView>($"/api/v1/models/{model}/versions/{number}/evaluations", new NewEvaluation(dataset, null, 7, 200));
        return await UntilAsync(() => GetAsync<EvaluationView>($"/api/v1/evaluations/{asked.Id}"), seen => seen.State != EvaluationState.Running);
    }

    /// <summary>What the project's stage 1 says of the target and of the heuristic.</summary>
    public async Task NameTargetAsync(string target, string? heuristicColumn = null)
    {
        var desk = Service<ProjectDesk>();
        portal.Services.GetRequiredService<TestPermissions>().Give(Ada, Role.DataScientist, Role.BusinessOwner);
        (await desk.ApplyAsync(Ada, Project, new FrameMlProblem(MlTask.Binary, target, "a row", null, "act on it"), null, Stop)).Required();
        var answers = SuitabilityQuestions.All.Select(question => new SuitabilityAnswer(question, Answer.Yes, "")).ToImmutableArray();
        (await desk.ApplyAsync(Ada, Project, new ReviewSuitability(answers, "the usual", heuristicColumn, 1, 5, "EUR", SuitabilityDecision.Go, null), null, Stop)).Required();
    }

    public static JsonNode ExpectedHeuristic() => JsonNode.Parse(File.ReadAllText(Path.Combine(MlOpsPortal.LocalServices.Repository.Samples, "retail", "expected_heuristic.json")))!;

    public T Service<T>()
        where T : notnull => portal.Services.GetRequiredService<T>();

    public async Task<(int Status, string? Code, string? Detail)> TryPostAsync(Caller caller, string path, object body)
    {
        using var client = Client(caller);
        return await ProblemAsync(await client.PostAsJsonAsync(path, body, PortalJson.Options, Stop));
    }

    /// <summary>What the audit holds about a kind of subject, oldest first.</summary>
    public async Task<List<string>> AuditAsync(string kind)
    {
        await using var db = Service<ITenantDb<ModelsDbContext>>().Open(Ada.Tenant);
        return await db.Audit.Where(row => row.SubjectKind == kind).OrderBy(row => row.At).Select(row => row.Action).ToListAsync(Stop);
    }

    public Task<ModelView> GetModelAsync(ModelId model) => GetAsync<ModelView>($"/api/v1/models/{model}");

    public async Task<T> GetAsync<T>(string path) => await ReadAsync<T>(await Api.GetAsync(new Uri(path, UriKind.Relative), Stop));

    public async Task<T> PostAsync<T>(string path, object body) => await ReadAsync<T>(await Api.PostAsJsonAsync(path, body, PortalJson.Options, Stop));

    public async Task<T> PutAsync<T>(string path, object body) => await ReadAsync<T>(await Api.PutAsJsonAsync(path, body, PortalJson.Options, Stop));

    /// <summary>Looks again until it is so; a test that waits in vain fails at the run's limit.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var seen = await look();
            if (enough(seen))
                return seen;
            await pulse.WaitForNextTickAsync(limit.Token);
        }
    }

    public static async Task<(int Status, string? Code, string? Detail)> ProblemAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Stop);
            var json = body.Length == 0 ? null : JsonNode.Parse(body);
            return ((int)response.StatusCode, json?["code"]?.GetValue<string>(), json?["detail"]?.GetValue<string>());
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Stop);
            response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode}: {body}");
            return JsonSerializer.Deserialize<T>(body, PortalJson.Options)!;
        }
    }
}
