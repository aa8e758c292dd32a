using System.Globalization;

namespace MlOpsPortal.Cli.Reports;

/// <summary>What is going on, on standard error: one line that is redrawn at a terminal, a line now and then in a file.</summary>
internal sealed class Progress : IAsyncDisposable
{
    private static readonly TimeSpan AtTerminal = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(5);
    private readonly TextWriter output;
    private readonly bool terminal;
    private readonly Report report;
    private readonly TimeProvider time;
    private readonly long since;
    private readonly ITimer timer;
    private readonly Lock writing = new();
    private string step = "";
    private string shown = "";

    public Progress(Report report, TextWriter output, bool terminal, TimeProvider time)
    {
        (this.report, this.output, this.terminal, this.time) = (report, output, terminal, time);
        since = time.GetTimestamp();
        var every = terminal ? AtTerminal : InFile;
        timer = time.CreateTimer(_ => Show(), state: null, every, every);
    }

    /// <summary>Begins a step; a file gets a line for it at once.</summary>
    public void Step(string words)
    {
        step = words;
        Show();
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        lock (writing)
        {
            if (terminal && shown.Length > 0) output.Write("\r" + new string(' ', shown.Length) + "\r");
        }
    }

    private void Show()
    {
        lock (writing)
        {
            var (runs, points, files) = (report.Of(Kind.Runs).Read, report.Of(Kind.MetricPoints).Read, report.Of(Kind.Files).Read);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{time.GetElapsedTime(since):mm\\:ss} {step}: {runs:N0} runs, {points:N0} metric points, {files:N0} files ({report.Bytes / 1e6:N1} MB)");
            if (!terminal) output.WriteLine(line);
            else output.Write("\r" + line.PadRight(shown.Length));
            shown = line;
        }
    }
}
