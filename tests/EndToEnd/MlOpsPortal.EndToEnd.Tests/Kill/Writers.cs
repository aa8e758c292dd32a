using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>Clients that write into one tenant, and remember what they were told.</summary>
internal sealed class Writers(TestTenant tenant, string endpoint, string endpointId, IReadOnlyList<string> models, TestDataset dataset, IReadOnlyList<TestProject> projects)
{
    private const string Occurred = "2026-11-02T10:00:00Z";
    private readonly ConcurrentDictionary<string, Outcome> outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> uploads = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, double>> rows = Rows();
    private readonly string tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToString("o", CultureInfo.InvariantCulture); // a request that is repeated is the same
    private int toldToComeBack;

    public static IReadOnlyDictionary<string, double> SampleRow { get; } = Rows()[0];

    public IReadOnlyDictionary<string, Outcome> Outcomes => outcomes;

    /// <summary>Completes when the portal can again do its work.</summary>
    public Func<Task> IsBack { get; init; } = () => Task.CompletedTask;

    /// <summary>May the portal itself be gone? Otherwise a request without an answer is a fault.</summary>
    public bool PortalDies { get; init; }

    /// <summary>What the portal's log says of a request, by its trace id.</summary>
    public required Func<string, string> LogOf { get; init; }

    /// <summary>Refusals that no gap explains: another status than 503 with Retry-After, or no answer from a portal that lives.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>503 answers that said when to come back.</summary>
    public int ToldToComeBack => toldToComeBack;

    /// <summary>Predictions that a portal which was there did not answer at the first asking.</summary>
    public ConcurrentQueue<string> PredictionsRefused { get; } = new();

    public async Task DoAsync(Operation operation)
    {
        while (true)
        {
            if (await TryAsync(operation))
            {
                outcomes[operation.Key] = Outcome.Acknowledged;
                return;
            }

            outcomes[operation.Key] = Outcome.Unknown;
            if (operation.GivesUp)
                return;
            await IsBack();
        }
    }

    /// <returns>False when no answer came, or one that says that the portal cannot now.</returns>
    private async Task<bool> TryAsync(Operation operation)
    {
        try
        {
            using var answer = await SendAsync(operation);
            if ((int)answer.StatusCode >= 500)
            {
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null)
                {
                    Interlocked.Increment(ref toldToComeBack);
                    if (operation.Work == Work.Prediction)
                        PredictionsRefused.Enqueue(await ExplainAsync(operation, answer));
                }
                else
                    Faults.Enqueue(await ExplainAsync(operation, answer));
                return false;
            }

            await answer.RequiredAsync();
            return true;
        }
        catch (Exception interrupted) when (interrupted is HttpRequestException or IOException)
        {
            if (!PortalDies)
                Faults.Enqueue($"{operation}: {interrupted.Message}");
            return false;
        }
        catch (UnexpectedAnswerException interrupted) when (interrupted.Status == 503) // while its file was uploaded
        {
            return false;
        }
    }

    private async Task<string> ExplainAsync(Operation operation, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        var trace = Regex.Match(body, "(?<=\"traceId\":\")[0-9a-f]{32}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        return $"{operation}: {(int)answer.StatusCode} {body}\n{(trace.Length > 0 ? LogOf(trace) : "")}";
    }

    private Task<HttpResponseMessage> SendAsync(Operation operation) => operation.Work switch
    {
        Work.Prediction => PostAsync(Role.MlOpsEngineer, $"/api/v1/endpoints/{endpoint}/score", operation, new
        {
            rows = new[] { rows[operation.Number % rows.Count] }, predictionIds = new[] { operation.Key }, occurredAt = Occurred,
        }),
        Work.Actual => PostAsync(Role.MlOpsEngineer, $"/api/v1/endpoints/{endpointId}/actuals", operation, new { actuals = new[] { new { id = operation.Key, value = 1, at = Occurred } } }),
        Work.Project => PostAsync(Role.BusinessOwner, "/api/v1/projects", operation, new { name = operation.Key, summary = "A project of the kill test" }),
        Work.Objective => PostAsync(Role.DataScientist, $"/api/v1/projects/{projects[operation.Number % projects.Count].Id}/objectives", operation, new
        {
            title = operation.Key, type = "committed", start = "2026-01-01", end = "2026-12-31", keyResults = new[] { new { title = "k", unit = "share", start = 0, target = 1 } },
        }),
        Work.ModelVersion => VersionAsync(operation),
        Work.Evaluation => PostAsync(Role.DataScientist, $"/api/v1/models/{models[0]}/versions/1/evaluations", operation, new { dataset = Modelling.Reference(dataset), resamples = 100, seed = operation.Number }),
        Work.Token => PostAsync(Role.DataEngineer, "/api/v1/tokens", operation, new { name = operation.Key, expiresAt = tomorrow }),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Work, "A kind of work without a request."),
    };

    /// <summary>The request that is repeated must be the same, so a file is uploaded once and named again.</summary>
    private async Task<HttpResponseMessage> VersionAsync(Operation operation)
    {
        if (!uploads.TryGetValue(operation.Key, out var upload))
            uploads[operation.Key] = upload = await tenant[Role.DataScientist].Client.UploadAsync(Path.Combine(Repository.Samples, "breast_cancer", "models", "logistic.onnx"), operation.Key + ".onnx");
        return await PostAsync(Role.DataScientist, $"/api/v1/models/{models[operation.Number / 100 % models.Count]}/versions", operation, new { upload, algorithm = operation.Key });
    }

    private async Task<HttpResponseMessage> PostAsync(Role role, string address, Operation operation, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
        if (operation.Work is not (Work.Prediction or Work.Actual)) // a prediction's own id is its key
            request.Headers.Add("Idempotency-Key", operation.Key);
        return await tenant[role].Client.SendAsync(request);
    }

    private static List<Dictionary<string, double>> Rows()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Samples, "breast_cancer", "test.csv"));
        var names = lines[0].Split(',');
        return
        [
            .. lines.Skip(1).Select(line => line.Split(',').Select((value, index) => (Name: names[index], Value: double.Parse(value, CultureInfo.InvariantCulture)))
                .Where(cell => cell.Name != "target").ToDictionary(cell => cell.Name, cell => cell.Value, StringComparer.Ordinal)),
        ];
    }
}
