using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Web.Ui;

/// <summary>What every page below /t/{tenant} has: its caller, its loading (once, again on demand and when somebody else changed what it shows),
/// and the sentences of refusals. The caller is captured once; each use case checks again what she may do.</summary>
public abstract class PortalPage : ComponentBase, IDisposable
{
    private readonly ComponentLife gone = new();
    private readonly Lock hearing = new();
    private List<LiveEvent>? early = [];
    private IDisposable? subscription;
    private int reloading;

    /// <summary>The tenant's slug in the address.</summary>
    [Parameter]
    public required string Tenant { get; set; }

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!; // set by the framework before the first render

    [Inject]
    protected RefusalTexts Texts { get; set; } = default!; // likewise

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!; // likewise

    [Inject]
    private LiveEvents Events { get; set; } = default!; // likewise

    [Inject]
    private ILoggerFactory Logs { get; set; } = default!; // likewise

    protected Caller Caller { get; private set; } = default!; // set before LoadAsync

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Gone => gone.Token;

    /// <summary>Why the page has nothing to show; its markup shows <c>RefusalPanel</c> then.</summary>
    protected Refusal? Refused { get; set; }

    /// <summary>Has the page been read for its caller? Never for who is no member of the tenant in the address: she is refused, and there is no caller.</summary>
    protected bool Loaded { get; private set; }

    protected string Root => $"/t/{Tenant}";

    /// <summary>Reads what the page shows. Called at first and after every change that <see cref="Concerns"/> it.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Does this page show what the event is about? Without an answer it is never reloaded by others' changes.</summary>
    protected virtual bool Concerns(LiveEvent happened) => false;

    protected sealed override async Task OnInitializedAsync()
    {
        var user = (await Authentication.GetAuthenticationStateAsync()).User;
        if (Caller.From(user) is not { } caller)
        {
            Navigation.NavigateTo("/sign-in?returnUrl=" + Uri.EscapeDataString(new Uri(Navigation.Uri).PathAndQuery), forceLoad: true);
            return;
        }

        if (user.FindFirstValue(AccessClaims.Slug) is { } slug && slug != Tenant)
        {
            Refused = new NotFound();
            return;
        }

        Caller = caller;
        if (gone.IsOver)
            return;
        // Heard from before the reading: what happens while it is read is not lost, but read once more.
        if (RendererInfo.IsInteractive)
            subscription = Events.Subscribe(caller.Tenant, Hear);
        await TryLoadAsync();
        Loaded = true;
        if (HeardMeanwhile())
            await ReloadAsync();
    }

    private void Hear(LiveEvent happened)
    {
        lock (hearing)
        {
            if (early is not null)
            {
                early.Add(happened);
                return;
            }
        }

        if (IsReasonToRead(happened))
            _ = ReloadUnaskedAsync();
    }

    private bool HeardMeanwhile()
    {
        lock (hearing)
        {
            var heard = early;
            early = null;
            return heard is not null && heard.FindAll(IsReasonToRead).Count > 0;
        }
    }

    /// <summary>What concerns the person herself (a role given or taken) concerns every page: it asks again whether she may see it.</summary>
    private bool IsReasonToRead(LiveEvent happened) => Concerns(happened) || happened == LiveEvent.Reconnected || IsAbout(Caller, happened);

    private static bool IsAbout(Caller caller, LiveEvent happened) => happened.SubjectKind == "tenant" || (happened.SubjectKind == "member" && happened.SubjectId == caller.User.ToString());

    /// <summary>Takes a result: shows its refusal, or hands its value on.</summary>
    protected bool Take<T>(Result<T> result, Action<T> use)
    {
        Refused = result.Refusal;
        if (result.IsOk)
            use(result.Value);
        return result.IsOk;
    }

    /// <summary>Reads again, on the page's own thread. Changes that come while it reads are taken together into one more reading.</summary>
    protected Task ReloadAsync()
    {
        if (Interlocked.Increment(ref reloading) > 1)
            return Task.CompletedTask;
        return InvokeAsync(async () =>
        {
            try
            {
                do
                {
                    Interlocked.Exchange(ref reloading, 1);
                    if (!gone.IsOver)
                        await TryLoadAsync();
                }
                while (Interlocked.Decrement(ref reloading) > 0);
            }
            catch
            {
                Interlocked.Exchange(ref reloading, 0);
                throw;
            }

            StateHasChanged();
        });
    }

    /// <summary>Nobody waits for this reading, so nobody would hear that it failed: the page stays as it was, and the log says why.</summary>
    protected async Task ReloadUnaskedAsync()
    {
        try
        {
            await ReloadAsync();
        }
        catch (Exception exception)
        {
            if (!gone.IsOver)
                Logs.CreateLogger(GetType()).LogError(exception, "{Address} was not read again after a change", Navigation.Uri);
        }
    }

    /// <summary>While the database is away a page says so instead of failing; it is read again when the connection is back.</summary>
    private async Task TryLoadAsync()
    {
        try
        {
            if (Refused is Unavailable)
                Refused = null;
            await LoadAsync();
        }
        catch (Exception exception) when (gone.IsOver)
        {
            throw new OperationCanceledException("The page was left while it was read.", exception, gone.Token); // nobody is told: nobody looks
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            Refused = new Unavailable("database_down");
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("What the page reads did not come in time.", exception); // a cancellation would leave the page empty without a word
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        subscription?.Dispose();
        gone.Dispose();
    }
}
