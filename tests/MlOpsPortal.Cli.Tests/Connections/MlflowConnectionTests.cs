using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Connections;

public sealed class MlflowConnectionTests
{
    private const string Busy = """{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "busy"}""";

    private sealed record Answer(string Name);

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task A_server_that_cannot_answer_just_now_is_asked_again(int status)
    {
        await using var server = await TestServer.StartAsync(number => number < 3 ? (status, Busy) : (200, """{"name": "there"}"""));
        using var connection = server.Connect();

        (await connection.GetAsync<Answer>("thing", CancellationToken.None)).Name.ShouldBe("there");
        server.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task It_gives_up_with_one_sentence()
    {
        await using var server = await TestServer.StartAsync(_ => (503, Busy));
        using var connection = server.Connect();

        (await Should.ThrowAsync<CliFailure>(() => connection.GetAsync<Answer>("thing", CancellationToken.None))).Message.ShouldContain("is not able to answer just now (503, busy)");
        server.Asked.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        await using var server = await TestServer.StartAsync(_ => (400, """{"error_code": "RESOURCE_ALREADY_EXISTS", "message": "taken"}"""));
        using var connection = server.Connect();

        var refusal = await Should.ThrowAsync<MlflowRefusal>(() => connection.PostAsync<Answer>("thing", new { name = "x" }, CancellationToken.None));

        refusal.IsTaken.ShouldBeTrue();
        server.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_creates_something_is_not_sent_again_blindly()
    {
        await using var server = await TestServer.StartAsync((_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var connection = server.Connect();

        await Should.ThrowAsync<UncertainAnswer>(() => connection.PostAsync<Answer>("thing", new { name = "x" }, CancellationToken.None, Repeat.AfterLooking));
        server.Asked.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(401, "", "withdrawn; set TOKEN")]
    [InlineData(302, "", "sends us to another page")]
    [InlineData(200, "<html>Welcome</html>", "does not answer as MLflow does")]
    public async Task Each_failure_has_its_sentence(int status, string body, string sentence)
    {
        await using var server = await TestServer.StartAsync(_ => (status, body));
        using var connection = server.Connect();

        (await Should.ThrowAsync<CliFailure>(() => connection.GetAsync<Answer>("thing", CancellationToken.None))).Message.ShouldContain(sentence);
        server.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_is_no_MLflow_server_is_called_so()
    {
        await using var server = await TestServer.StartAsync(_ => (404, "<html>Not found</html>"));
        using var connection = server.Connect();

        (await Should.ThrowAsync<CliFailure>(() => new MlflowServer(connection).GreetAsync(CancellationToken.None))).Message.ShouldContain("is not an MLflow server");
    }

    [Fact]
    public async Task Nobody_there_is_said_at_once()
    {
        var server = await TestServer.StartAsync(_ => (200, "{}"));
        using var connection = server.Connect();
        await server.DisposeAsync();

        (await Should.ThrowAsync<CliFailure>(() => new MlflowServer(connection).GreetAsync(CancellationToken.None))).Message.ShouldContain("cannot be reached: Connection refused");
    }

    [Fact]
    public async Task A_file_is_opened_anew_for_each_attempt_to_send_it()
    {
        await using var source = await TestServer.StartAsync(_ => (200, "content"));
        var received = new List<string>();
        await using var target = await TestServer.StartAsync(async (number, context) =>
        {
            received.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            context.Response.StatusCode = number == 1 ? 503 : 200;
        });
        using var from = source.Connect();
        using var to = target.Connect();

        await to.PutAsync("files/" + Address.Escape("a b/50%?#+ü.txt"), stop => from.OpenAsync("file", stop), CancellationToken.None);

        received.ShouldBe(["content", "content"]);
        target.Asked[0].ShouldBe("PUT /files/a b/50%?#+ü.txt", "the server decodes it once");
    }
}
