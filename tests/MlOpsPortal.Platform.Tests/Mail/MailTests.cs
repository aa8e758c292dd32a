using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Platform.Tests.Mail;

/// <summary>Mails from the queue to a server, and what becomes of them on the way.</summary>
public sealed class MailTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_goes_out_after_its_change_was_committed_and_its_text_is_gone()
    {
        await using var server = new TestMailServer();
        await using var platform = await TestPlatform.StartAsync(services => Configure(services, server.Port));
        var (mailer, sender) = (platform.Services.GetRequiredService<IMailer>(), platform.Services.GetRequiredService<MailSender>());

        await using (var db = platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(platform.Caller.Tenant))
        {
            mailer.Queue(db, new Letter("ana@example.org", "Hello\r\nBcc: eve@example.org", "The link is secret")).ShouldBeTrue();
            (await sender.SendNextAsync(Stop)).ShouldBeFalse(); // not committed yet
            await db.SaveChangesAsync(Stop);
        }

        (await TextsAsync(platform)).ShouldHaveSingleItem().ShouldNotBeNull().ShouldNotContain("secret");
        (await sender.SendNextAsync(Stop)).ShouldBeTrue();

        var mail = server.Taken.ShouldHaveSingleItem();
        mail.ShouldContain("To: ana@example.org");
        mail.ShouldContain("The link is secret");
        mail.ShouldNotContain("\nBcc:");
        (await TextsAsync(platform)).ShouldBe([null]);
        (await sender.SendNextAsync(Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_later()
    {
        await using var server = new TestMailServer { Busy = true };
        await using var platform = await TestPlatform.StartAsync(services => Configure(services, server.Port));
        var sender = platform.Services.GetRequiredService<MailSender>();
        await platform.Services.GetRequiredService<IMailer>().QueueAsync(new Letter("ana@example.org", "Hello", "Text"), Stop);

        (await sender.SendNextAsync(Stop)).ShouldBeTrue();
        (await sender.SendNextAsync(Stop)).ShouldBeFalse(); // due in half a minute

        server.Busy = false;
        await using (var due = platform.Services.GetRequiredService<PortalDatabase>().System.CreateCommand("UPDATE platform.mails SET due_at = now()"))
            await due.ExecuteNonQueryAsync(Stop);
        (await sender.SendNextAsync(Stop)).ShouldBeTrue();
        server.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_server_nothing_is_queued()
    {
        await using var platform = await TestPlatform.StartAsync();
        var mailer = platform.Services.GetRequiredService<IMailer>();

        mailer.IsConfigured.ShouldBeFalse();
        (await mailer.QueueAsync(new Letter("ana@example.org", "Hello", "Text"), Stop)).ShouldBeFalse();
        (await TextsAsync(platform)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData("mail.example", "portal@example.org", "https://ml.example.org", 0)]
    [InlineData("mail.example", "no address", "https://ml.example.org", 1)]
    [InlineData("mail.example", "", "", 2)]
    [InlineData("mail.example", "portal@example.org", "javascript:alert(1)", 1)]
    public void A_server_needs_a_sender_and_the_portals_address(string host, string from, string url, int faults)
    {
        var options = new MailOptions { Host = host, From = from, PortalUrl = url };
        options.Validate(new ValidationContext(options)).Count().ShouldBe(faults);
    }

    private static void Configure(IServiceCollection services, int port) =>
        services.Configure<MailOptions>(options => (options.Host, options.Port, options.StartTls, options.From, options.PortalUrl) = ("127.0.0.1", port, false, "portal@example.org", "https://ml.example.org"));

    private static async Task<List<string?>> TextsAsync(TestPlatform platform)
    {
        var texts = new List<string?>();
        await using var command = platform.Services.GetRequiredService<PortalDatabase>().System.CreateCommand("SELECT text FROM platform.mails");
        await using var reader = await command.ExecuteReaderAsync(Stop);
        while (await reader.ReadAsync(Stop))
            texts.Add(reader.IsDBNull(0) ? null : reader.GetString(0));
        return texts;
    }
}
