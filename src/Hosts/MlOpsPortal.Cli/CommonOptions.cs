using System.CommandLine;

namespace MlOpsPortal.Cli;

/// <summary>What every long command can be told.</summary>
internal sealed class CommonOptions
{
    private const int MostParallel = 32;

    public CommonOptions() => Parallel.Validators.Add(given =>
    {
        if (given.Tokens is [var token] && (!int.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) || number is < 1 or > MostParallel))
            given.AddError($"--parallel takes a number from 1 to {MostParallel}, not '{token.Value}'.");
    });

    public Option<int> Parallel { get; } = new("--parallel") { Description = "Runs under way at once (1 to 32).", DefaultValueFactory = _ => 4 };

    public Option<string?> Report { get; } = new("--report") { Description = "A file for the whole report as JSON." };

    public void AddTo(Command command)
    {
        command.Add(Parallel);
        command.Add(Report);
    }

    public Given Of(ParseResult parsed) => new(parsed.GetValue(Report));

    /// <param name="ReportFile">Null for the text alone.</param>
    internal sealed record Given(string? ReportFile);
}
