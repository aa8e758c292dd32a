using System.Security.Claims;
using System.Threading.Channels;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Web.Components.Layout;
using MlOpsPortal.Web.Gallery;
using MlOpsPortal.Web.Kit;
using MlOpsPortal.Web.Ui;
using Npgsql;
using Radzen;

namespace MlOpsPortal.Web;

/// <summary>Pages that are left, fail or hear of changes at the wrong moment.</summary>
public sealed class PortalPageTests : KitTest
{
    private readonly Written log = new();
    private readonly Readings readings = new();

    public PortalPageTests()
    {
        Services.AddRadzenComponents();
        Services.AddScoped<IShellSource, GalleryShell>();
        Services.AddSingleton<AuthenticationStateProvider, Ana>();
        Services.AddSingleton(readings);
        Services.AddSingleton(new RefusalTexts([]));
        Services.AddSingleton(new PortalDatabase(NpgsqlDataSource.Create("Host=nowhere.invalid"), NpgsqlDataSource.Create("Host=nowhere.invalid")));
        Services.AddSingleton<LiveEvents>();
        Services.AddSingleton<ILoggerProvider>(log);
        Services.AddLogging();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public async Task A_page_that_was_left_while_it_was_read_takes_nothing_from_the_next()
    {
        var frame = Frame<ReadingPage>("/t/acme");

        Go<OtherPage>(frame, "/t/acme/projects");
        await frame.InvokeAsync(() => readings.Answer(new object()));

        frame.Markup.ShouldContain("the other page");
        frame.Markup.ShouldNotContain("This page failed");
        readings.Ended.ShouldBe("asked for the token after the end");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_fails_after_it_was_left_takes_nothing_from_the_next(bool isOfThePortal)
    {
        var frame = isOfThePortal ? Frame<ReadingPage>("/t/acme") : Frame<PlainPage>("/t/acme");

        Go<OtherPage>(frame, "/t/acme/projects");
        await frame.InvokeAsync(() => readings.Fail(new InvalidOperationException("late")));

        frame.Markup.ShouldContain("the other page");
        frame.Markup.ShouldNotContain("This page failed");
    }

    [Fact]
    public async Task A_page_that_fails_says_so_with_the_trace_id_under_which_the_log_holds_the_exception()
    {
        var frame = Frame<ReadingPage>("/t/acme");
        var failure = new InvalidOperationException("broken");

        await frame.InvokeAsync(() => readings.Fail(failure));

        frame.Find("h1").TextContent.ShouldBe("This page failed");
        var (text, exception) = await log.NextAsync();
        exception.ShouldBe(failure);
        text.ShouldContain(frame.Find(".trace code").TextContent);
    }

    [Fact]
    public async Task A_page_that_failed_is_gone_with_the_next_address()
    {
        var frame = Frame<ReadingPage>("/t/acme");
        await frame.InvokeAsync(() => readings.Fail(new InvalidOperationException("broken")));

        Go<OtherPage>(frame, "/t/acme/projects");

        frame.Markup.ShouldContain("the other page");
    }

    [Fact]
    public async Task A_page_at_another_address_is_read_anew()
    {
        var frame = Frame<ReadingPage>("/t/acme/projects/1");
        await frame.InvokeAsync(() => readings.Answer(new object()));

        Go<ReadingPage>(frame, "/t/acme/projects/2");
        await frame.InvokeAsync(() => readings.Answer(new object()));

        readings.Begun.ShouldBe(2);
        Go<ReadingPage>(frame, "/t/acme/projects/2?view=board");
        readings.Begun.ShouldBe(2);
    }

    [Fact]
    public async Task What_happens_while_a_page_is_read_is_read_once_more()
    {
        var frame = Frame<ReadingPage>("/t/acme");
        var events = Services.GetRequiredService<LiveEvents>();
        var happened = new LiveEvent(Ana.Tenant, Guid.CreateVersion7(), "project.changed", "project", "1", null);

        events.Publish(happened);
        events.Publish(happened);
        await frame.InvokeAsync(() => readings.Answer(new object()));
        await frame.InvokeAsync(() => readings.Answer(new object()));

        readings.Begun.ShouldBe(2);
    }

    [Fact]
    public async Task A_reading_that_nobody_asked_for_and_that_fails_leaves_the_page_as_it_was_and_the_next_is_heard()
    {
        var frame = Frame<ReadingPage>("/t/acme");
        var events = Services.GetRequiredService<LiveEvents>();
        var happened = new LiveEvent(Ana.Tenant, Guid.CreateVersion7(), "project.changed", "project", "1", null);
        await frame.InvokeAsync(() => readings.Answer(new object()));

        events.Publish(happened);
        await frame.InvokeAsync(() => readings.Fail(new InvalidOperationException("broken")));

        (await log.NextAsync()).Exception.ShouldBeOfType<InvalidOperationException>();
        frame.Markup.ShouldContain("the page that reads");
        events.Publish(happened);
        frame.WaitForAssertion(() => readings.Begun.ShouldBe(3), TimeSpan.FromMinutes(1));
    }

    private IRenderedComponent<PortalLayout> Frame<TPage>(string path)
        where TPage : IComponent
    {
        At(path);
        return Render<PortalLayout>(p => p.Add(layout => layout.Body, Body(typeof(TPage))));
    }

    private void Go<TPage>(IRenderedComponent<PortalLayout> frame, string path)
        where TPage : IComponent
    {
        At(path);
        frame.Render(p => p.Add(layout => layout.Body, Body(typeof(TPage))));
    }

    private static RenderFragment Body(Type page) => builder =>
    {
        builder.OpenComponent(0, page);
        builder.AddAttribute(1, "Tenant", "acme");
        builder.CloseComponent();
    };

    /// <summary>Readings of pages, under way until the test lets them end.</summary>
    private sealed class Readings
    {
        private TaskCompletionSource<object> answer = new();

        public int Begun { get; private set; }

        public string? Ended { get; set; }

        public Task<object> BeginAsync()
        {
            Begun++;
            answer = new TaskCompletionSource<object>();
            return answer.Task;
        }

        public void Answer(object value) => answer.SetResult(value);

        public void Fail(Exception exception) => answer.SetException(exception);
    }

    private sealed class ReadingPage : PortalPage
    {
        [Inject]
        private Readings Readings { get; set; } = default!; // set by the framework before the first render

        protected override bool Concerns(LiveEvent happened) => happened.SubjectKind == "project";

        protected override async Task LoadAsync()
        {
            await Readings.BeginAsync();
            if (Gone.IsCancellationRequested)
                Readings.Ended = "asked for the token after the end";
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "the page that reads");
    }

    /// <summary>Knows nothing of its end.</summary>
    private sealed class PlainPage : ComponentBase
    {
        [Parameter]
        public required string Tenant { get; set; }

        [Inject]
        private Readings Readings { get; set; } = default!; // set by the framework before the first render

        protected override Task OnInitializedAsync() => Readings.BeginAsync();
    }

    private sealed class OtherPage : PortalPage
    {
        protected override Task LoadAsync() => Task.CompletedTask;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "the other page");
    }

    private sealed class Ana : AuthenticationStateProvider
    {
        public static readonly TenantId Tenant = new(Guid.CreateVersion7());
        private static readonly Claim[] Claims =
        [
            new(CallerClaims.Tenant, Tenant.ToString()), new(CallerClaims.User, new UserId(Guid.CreateVersion7()).ToString()), new(CallerClaims.Name, "Ana"), new(AccessClaims.Slug, "acme"),
        ];

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(Claims, "test"))));
    }

    /// <summary>What was logged as an error.</summary>
    private sealed class Written : ILoggerProvider, ILogger
    {
        private readonly Channel<(string Text, Exception? Exception)> lines = Channel.CreateUnbounded<(string Text, Exception? Exception)>();

        public Task<(string Text, Exception? Exception)> NextAsync() => lines.Reader.ReadAsync(Xunit.TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                lines.Writer.TryWrite((formatter(state, exception), exception));
        }

        public void Dispose()
        {
        }
    }
}
