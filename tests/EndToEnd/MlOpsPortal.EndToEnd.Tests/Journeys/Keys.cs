using Microsoft.Playwright;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A page without a mouse: only what the focus reaches is used, and it is known at each step where the focus is, and that it is seen.</summary>
public sealed class Keys(IPage page)
{
    private const int MostStops = 80;

    /// <summary>The name of what has the focus, as it is read out; "nothing" when the focus was lost.</summary>
    private const string Focused = """
        () => {
          const at = document.activeElement;
          if (!at || at === document.body) return 'nothing';
          const own = label => [...label.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent).join(' ');
          const name = (at.getAttribute('aria-label') ?? (at.labels?.length ? own(at.labels[0]) : at.innerText)).replace(/\s+/g, ' ').trim() + (at.localName === 'h1' ? ', heading' : '');
          const box = at.getBoundingClientRect();
          const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return over && (at.contains(over) || over.contains(at)) ? name : name + ' (out of sight)';
        }
        """;

    /// <summary>Goes on from stop to stop until it is at this one.</summary>
    public async Task GoToAsync(string name, string key = "Tab")
    {
        var passed = new List<string>();
        do
        {
            passed.Count.ShouldBeLessThan(MostStops, $"'{name}' is not reached by {key}: {string.Join(" | ", passed)}");
            await page.Keyboard.PressAsync(key);
            passed.Add(await page.EvaluateAsync<string>(Focused));
        }
        while (passed[^1] != name);
    }

    /// <summary>The page itself has put the focus there, and hears what is pressed: a page that has just been loaded shows itself a moment before.</summary>
    public async Task IsAtAsync(string name)
    {
        try
        {
            await page.WaitForFunctionAsync($"name => (!document.querySelector('.app') || 'live' in document.documentElement.dataset) && ({Focused})() === name", name);
        }
        catch (TimeoutException)
        {
            (await page.EvaluateAsync<string>(Focused)).ShouldBe(name, "where the focus is");
            throw;
        }
    }

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    public async Task PressAsync(string button, string leadsTo)
    {
        await GoToAsync(button);
        await page.Keyboard.PressAsync("Enter");
        await IsAtAsync(leadsTo);
    }

    /// <summary>Leaves a dialog, and waits until it is gone: the browser gives the focus back first and tells of the closing a frame later.</summary>
    public async Task EscapeAsync(string backTo)
    {
        await page.Keyboard.PressAsync("Escape");
        await IsAtAsync(backTo);
        await page.Locator("dialog h2").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>Types into the fields in the order in which one meets them.</summary>
    public async Task TypeAsync(params (string Label, string Text)[] fields)
    {
        foreach (var (label, text) in fields)
        {
            if (await page.EvaluateAsync<string>(Focused) != label)
                await GoToAsync(label);
            await page.Keyboard.TypeAsync(text);
        }
    }
}
