using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;

namespace MlOpsPortal.Platform.Tests.Uploads;

public sealed class UploadDeskTests : IAsyncLifetime
{
    private readonly byte[] file = RandomNumberGenerator.GetBytes(UploadDesk.BlockSize + 1000);
    private TestPlatform platform = null!; // set before each test

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private UploadDesk Desk => platform.Services.GetRequiredService<UploadDesk>();

    private BlobStore Blobs => platform.Services.GetRequiredService<BlobStore>();

    private Caller Ada => platform.Caller;

    public async ValueTask InitializeAsync()
    {
        platform = await TestPlatform.StartAsync();
        await Blobs.EnsureContainerAsync(Stop);
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Blocks_may_come_in_any_order_and_twice()
    {
        var id = await BeginAsync();
        (await PutAsync(id, 1)).IsOk.ShouldBeTrue();
        (await PutAsync(id, 0)).IsOk.ShouldBeTrue();
        (await PutAsync(id, 1)).Value!.Received.ShouldBe([0, 1]);

        var complete = (await Desk.CompleteAsync(Ada, id, Stop)).Required();

        complete.State.ShouldBe(UploadState.Complete);
        (await Desk.CompleteAsync(Ada, id, Stop)).Required().State.ShouldBe(UploadState.Complete);
        var taken = await TakeAsync(id);
        taken.FileName.ShouldBe("train.csv");
        await using var content = await Blobs.OpenReadAsync(Ada.Tenant, taken.Blob.Id, Stop);
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Stop)).ShouldBe(Hash(file));
    }

    [Fact]
    public async Task An_upload_that_lacks_a_block_says_which()
    {
        var id = await BeginAsync();
        await PutAsync(id, 1);

        (await Desk.CompleteAsync(Ada, id, Stop)).Refusal.ShouldBeOfType<Conflict>().Args.ShouldBe(["1", "0"]);
        (await Desk.GetAsync(Ada, id, Stop)).Required().Received.ShouldBe([1]);
    }

    [Fact]
    public async Task A_block_that_arrives_damaged_or_short_is_refused_and_can_be_sent_again()
    {
        var id = await BeginAsync();

        (await Desk.PutBlockAsync(Ada, id, 1, Hash(Block(1)), new MemoryStream(new byte[1000]), Stop)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("uploads.block_hash");
        (await Desk.PutBlockAsync(Ada, id, 1, Hash(Block(1)), new MemoryStream(Block(1)[..500]), Stop)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("uploads.block_length");
        (await Desk.PutBlockAsync(Ada, id, 2, Hash(Block(1)), new MemoryStream(Block(1)), Stop)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("uploads.no_such_block");
        (await PutAsync(id, 1)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_announced_is_not_kept()
    {
        var id = (await Desk.BeginAsync(Ada, new BeginUpload("train.csv", file.Length, new string('0', 64)), Stop)).Required().Id;
        await PutAsync(id, 0);
        await PutAsync(id, 1);

        (await Desk.CompleteAsync(Ada, id, Stop)).Refusal.ShouldBeOfType<Validation>().Kind.ShouldBe(ValidationKind.Unprocessable);

        (await Desk.GetAsync(Ada, id, Stop)).Required().Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upload_is_its_owners_alone()
    {
        var id = await BeginAsync();
        var colleague = Ada with { User = new UserId(Guid.CreateVersion7()) };
        var stranger = new Caller(new TenantId(Guid.CreateVersion7()), Ada.User, "Eve");

        foreach (var other in new[] { colleague, stranger })
        {
            (await Desk.GetAsync(other, id, Stop)).Refusal.ShouldBeOfType<NotFound>();
            (await Desk.PutBlockAsync(other, id, 0, Hash(Block(0)), new MemoryStream(Block(0)), Stop)).Refusal.ShouldBeOfType<NotFound>();
            (await Desk.CompleteAsync(other, id, Stop)).Refusal.ShouldBeOfType<NotFound>();
        }
    }

    [Theory]
    [InlineData("train.csv", 0L, "uploads.empty")]
    [InlineData("train.csv", (2L << 30) + 1, "uploads.too_large")]
    [InlineData("", 10L, "uploads.bad_name")]
    [InlineData("a\nb.csv", 10L, "uploads.bad_name")]
    public async Task What_cannot_be_taken_is_refused_before_a_byte_is_sent(string name, long length, string code) =>
        (await Desk.BeginAsync(Ada, new BeginUpload(name, length, new string('a', 64)), Stop)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe(code);

    [Fact]
    public async Task Who_has_a_hundred_unfinished_uploads_begins_no_more_and_others_do()
    {
        for (var begun = 0; begun < UploadDesk.MostOpen; begun++)
            await BeginAsync();

        (await Desk.BeginAsync(Ada, new BeginUpload("one-more.csv", 10, new string('a', 64)), Stop)).Refusal.ShouldBeOfType<Unavailable>().Kind.ShouldBe(UnavailableKind.TooMany);

        (await Desk.BeginAsync(Ada with { User = new UserId(Guid.CreateVersion7()) }, new BeginUpload("hers.csv", 10, new string('a', 64)), Stop)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_path_in_a_name_is_cut_to_its_last_part() =>
        (await Desk.BeginAsync(Ada, new BeginUpload(@"C:\data\..\train.csv", 10, new string('a', 64)), Stop)).Required().FileName.ShouldBe("train.csv");

    [Fact]
    public async Task The_sweeper_removes_what_no_row_speaks_of_and_nothing_else()
    {
        var kept = await TakeAsync(await CompleteAsync());
        var orphan = await Blobs.WriteAsync(Ada.Tenant, new MemoryStream([1, 2, 3]), "test", Stop);
        var sweeper = ActivatorUtilities.CreateInstance<OrphanSweeper>(platform.Services, (TimeProvider)new Later(TimeSpan.FromDays(2)));

        var swept = await sweeper.SweepAsync(Stop);

        swept.ShouldBe(1);
        await Should.ThrowAsync<Azure.RequestFailedException>(async () => await Blobs.OpenReadAsync(Ada.Tenant, orphan.Id, Stop));
        await using var content = await Blobs.OpenReadAsync(Ada.Tenant, kept.Blob.Id, Stop);
        content.Length.ShouldBe(file.Length);
    }

    private async Task<UploadId> BeginAsync() => (await Desk.BeginAsync(Ada, new BeginUpload("train.csv", file.Length, Hash(file)), Stop)).Required().Id;

    private async Task<UploadId> CompleteAsync()
    {
        var id = await BeginAsync();
        await PutAsync(id, 0);
        await PutAsync(id, 1);
        return (await Desk.CompleteAsync(Ada, id, Stop)).Required().Id;
    }

    private async Task<TakenFile> TakeAsync(UploadId id)
    {
        await using var db = platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(Ada.Tenant);
        var taken = (await Desk.TakeAsync(db, Ada, id, "test", Stop)).Required();
        await db.SaveChangesAsync(Stop);
        (await db.Blobs.CountAsync(Stop)).ShouldBe(1);
        return taken;
    }

    private Task<Result<UploadView>> PutAsync(UploadId id, int number) => Desk.PutBlockAsync(Ada, id, number, Hash(Block(number)), new MemoryStream(Block(number)), Stop);

    private byte[] Block(int number) => number == 0 ? file[..UploadDesk.BlockSize] : file[UploadDesk.BlockSize..];

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
