using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Idempotency;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Tests.Data;

public sealed class CommitTests : IAsyncLifetime
{
    private TestPlatform platform = null!; // set before each test

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ITenantDb<PlatformDbContext> Databases => platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>();

    public async ValueTask InitializeAsync() => platform = await TestPlatform.StartAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Sixty_four_repeats_at_once_take_effect_once_and_get_one_answer()
    {
        var caller = platform.Caller with { Idempotency = new IdempotencyKey("race", "hash") };

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => HappenAsync(caller, $"answer {number}")));

        answers.Select(answer => answer.Required()).Distinct().Count().ShouldBe(1);
        await using var db = Databases.Open(caller.Tenant);
        (await db.Audit.CountAsync(Stop)).ShouldBe(1);
        (await db.Outbox.CountAsync(Stop)).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeat_inside_a_transaction_gets_the_first_answer_too()
    {
        var caller = platform.Caller with { Idempotency = new IdempotencyKey("inside", "hash") };
        (await HappenAsync(caller, "first")).IsOk.ShouldBeTrue();
        await using var db = Databases.Open(caller.Tenant);
        await using var transaction = await db.Database.BeginTransactionAsync(Stop);

        (await db.CommitAsync(caller, "second", TimeProvider.System.GetUtcNow(), Stop)).Required().ShouldBe("first");
    }

    [Fact]
    public async Task A_key_that_stood_on_another_request_is_refused()
    {
        (await HappenAsync(platform.Caller with { Idempotency = new IdempotencyKey("key", "one") }, "first")).IsOk.ShouldBeTrue();

        (await HappenAsync(platform.Caller with { Idempotency = new IdempotencyKey("key", "two") }, "second"))
            .Refusal.ShouldBeOfType<Validation>().Kind.ShouldBe(ValidationKind.Unprocessable);
    }

    [Fact]
    public async Task Another_tenants_key_is_unrelated()
    {
        var key = new IdempotencyKey("key", "one");
        var stranger = new Caller(new TenantId(Guid.CreateVersion7()), platform.Caller.User, "Eve") { Idempotency = key };
        await HappenAsync(platform.Caller with { Idempotency = key }, "ours");

        (await HappenAsync(stranger, "theirs")).Required().ShouldBe("theirs");
    }

    [Fact]
    public async Task A_context_of_one_tenant_neither_sees_nor_writes_anothers_rows()
    {
        await HappenAsync(platform.Caller, "ours");
        await using var other = Databases.Open(new TenantId(Guid.CreateVersion7()));

        (await other.Audit.CountAsync(Stop)).ShouldBe(0);
        other.Blobs.Add(new BlobRow { TenantId = platform.Caller.Tenant, Id = new BlobId(Guid.CreateVersion7()), Sha256 = "", Purpose = "", CreatedAt = DateTimeOffset.UnixEpoch });
        await Should.ThrowAsync<InvalidOperationException>(() => other.SaveChangesAsync(Stop));
    }

    [Fact]
    public async Task The_relay_sends_each_event_once_and_live_pages_of_the_tenant_hear_it()
    {
        var live = platform.Services.GetRequiredService<LiveEvents>();
        var heard = new TaskCompletionSource<LiveEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var foreign = live.Subscribe(new TenantId(Guid.CreateVersion7()), happened => { if (happened != LiveEvent.Reconnected) heard.TrySetException(new InvalidOperationException("A stranger heard it.")); });
        using var mine = live.Subscribe(platform.Caller.Tenant, happened =>
        {
            if (happened == LiveEvent.Reconnected)
                listening.TrySetResult();
            else
                heard.TrySetResult(happened);
        });
        await live.StartAsync(Stop);
        await listening.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        await HappenAsync(platform.Caller, "ours");
        var relay = platform.Services.GetRequiredService<OutboxRelay>();

        (await relay.SendBatchAsync(Stop)).ShouldBe(1);
        (await relay.SendBatchAsync(Stop)).ShouldBe(0);

        (await heard.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop)).Type.ShouldBe("test.happened");
        await live.StopAsync(Stop);
    }

    private async Task<Result<string>> HappenAsync(Caller caller, string answer)
    {
        await using var db = Databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<string>(caller, Stop) is { } before)
            return before;
        var now = TimeProvider.System.GetMicrosecondNow();
        db.Record(caller, new Subject("test", "1", "One", null), new Happened(answer), now);
        return await db.CommitAsync(caller, answer, now, Stop);
    }

    private sealed record Happened(string What) : DomainEvent("test.happened");
}
