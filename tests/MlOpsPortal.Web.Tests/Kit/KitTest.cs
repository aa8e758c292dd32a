using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MlOpsPortal.Web.Kit;

/// <summary>A test of components at a page's address, with a clock that stands still.</summary>
public abstract class KitTest : BunitContext
{
    protected static readonly DateTimeOffset Now = new(2025, 9, 9, 12, 0, 0, TimeSpan.Zero);

    protected KitTest()
    {
        Services.AddSingleton<TimeProvider>(new StoppedClock(Now));
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    protected void At(string path) => Services.GetRequiredService<NavigationManager>().NavigateTo(path);

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
