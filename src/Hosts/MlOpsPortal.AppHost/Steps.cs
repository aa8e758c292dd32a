using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace MlOpsPortal.AppHost;

/// <summary>Visible progress: a spinner and a tick at a terminal, plain lines where the output goes to a file or a pipe.</summary>
internal sealed class Steps
{
    private readonly bool interactive = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Runs one step and tells how long it took.</summary>
    public async Task<T> RunAsync<T>(string title, Func<Task<T>> step)
    {
        var watch = Stopwatch.StartNew();
        if (!interactive)
        {
            Say(title + " ...");
            return await step();
        }

        var result = await AnsiConsole.Status().StartAsync(Markup.Escape(title), _ => step());
        var seconds = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(title)} [grey]{seconds} s[/]");
        return result;
    }

    public Task RunAsync(string title, Func<Task> step) => RunAsync(title, async () =>
    {
        await step();
        return true;
    });

    public void Say(string line)
    {
        if (interactive) AnsiConsole.WriteLine(line);
        else Console.WriteLine(line);
    }

    public void Failed(string sentence)
    {
        if (interactive) AnsiConsole.MarkupLine($"[red]✗[/] {Markup.Escape(sentence)}");
        else Console.Error.WriteLine(sentence);
    }
}
