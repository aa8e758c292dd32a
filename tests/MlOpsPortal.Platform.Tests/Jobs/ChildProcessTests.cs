using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Platform.Tests.Jobs;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly ChildLimits Limits = new() { WallTime = TimeSpan.FromMinutes(2) };
    private readonly string root = Path.Combine(AppContext.BaseDirectory, "children-" + Guid.NewGuid().ToString("n"));
    private readonly ChildProcess children;
    private int last;

    public ChildProcessTests() => children = new ChildProcess(Options.Create(new JobOptions { ScratchFolder = root }), Start, TimeProvider.System, NullLogger<ChildProcess>.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_answers_and_reports_progress()
    {
        using var scratch = children.NewScratch();
        var heard = new List<JobProgress>();
        var answer = await children.RunAsync<Doubled>("double", new ToDouble(21), scratch, Limits, new Ear(heard), Stop);
        answer.Required().Number.ShouldBe(42);
        heard.ShouldBe([new JobProgress("doubling", 0.5)]);
    }

    [Fact]
    public async Task A_child_gets_nothing_of_the_portals_environment()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Portal", "Password=secret");
        using var scratch = children.NewScratch();
        var names = (await children.RunAsync<string[]>("environment", new ToDouble(0), scratch, Limits, progress: null, Stop)).Required();
        names.ShouldNotContain("ConnectionStrings__Portal");
        names.ShouldNotContain("PATH");
        names.ShouldContain("DOTNET_GCHeapHardLimit");
    }

    [Theory]
    [InlineData("refuse", "required")]
    [InlineData("crash", "jobs.crashed")]
    [InlineData("nonsense", "jobs.crashed")]
    [InlineData("hoard", "jobs.too_much_memory")]
    public async Task What_goes_wrong_in_a_child_is_a_refusal_of_the_parent(string verb, string code)
    {
        using var scratch = children.NewScratch();
        var answer = await children.RunAsync<Doubled>(verb, new ToDouble(0), scratch, Limits with { Heap = 64 << 20 }, progress: null, Stop);
        answer.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_child_that_takes_memory_without_end_is_stopped_from_outside()
    {
        using var scratch = children.NewScratch();
        var answer = await children.RunAsync<Doubled>("hoard-native", new ToDouble(0), scratch, Limits with { Resident = 300 << 20 }, progress: null, Stop);
        answer.Refusal.ShouldNotBeNull().Code.ShouldBe("jobs.too_much_memory");
    }

    [Fact]
    public async Task A_child_that_never_ends_is_killed()
    {
        using var scratch = children.NewScratch();
        var answer = await children.RunAsync<Doubled>("forever", new ToDouble(0), scratch, Limits with { WallTime = TimeSpan.FromSeconds(2) }, progress: null, Stop);
        answer.Refusal.ShouldNotBeNull().Code.ShouldBe("jobs.too_slow");
        Alive(last).ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_child_is_dead_when_the_caller_hears_of_it()
    {
        using var scratch = children.NewScratch();
        using var cancel = new CancellationTokenSource();
        var running = children.RunAsync<Doubled>("forever", new ToDouble(0), scratch, Limits, progress: null, cancel.Token);
        await WaitForAsync(() => File.Exists(scratch.Output("begun")));
        Alive(last).ShouldBeTrue();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        Alive(last).ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_in_place_of_a_result_is_not_followed()
    {
        using var scratch = children.NewScratch();
        (await children.RunAsync<Doubled>("link", new ToDouble(0), scratch, Limits, progress: null, Stop)).IsOk.ShouldBeTrue();
        Should.Throw<InvalidDataException>(() => scratch.Made("result"));
    }

    [Fact]
    public async Task Chatter_on_stdout_is_no_progress_and_does_no_harm()
    {
        using var scratch = children.NewScratch();
        var heard = new List<JobProgress>();
        (await children.RunAsync<Doubled>("chatter", new ToDouble(0), scratch, Limits, new Ear(heard), Stop)).Required().Number.ShouldBe(1);
        heard.ShouldBeEmpty();
    }

    [Fact]
    public void A_scratch_folder_is_its_owners_and_goes_away()
    {
        var scratch = children.NewScratch();
        File.GetUnixFileMode(scratch.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        scratch.Dispose();
        Directory.Exists(scratch.Path).ShouldBeFalse();
    }

    [Fact]
    public void Folders_of_dead_processes_are_swept_and_those_of_living_ones_stay()
    {
        using var scratch = children.NewScratch();
        var dead = Directory.CreateDirectory(Path.Combine(root, "999999999-1")).FullName;
        ScratchFolder.SweepDead(root);
        Directory.Exists(dead).ShouldBeFalse();
        Directory.Exists(scratch.Path).ShouldBeTrue();
    }

    public void Dispose()
    {
        children.Dispose();
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    private Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!; // a program that was just built
        last = process.Id;
        return process;
    }

    private static bool Alive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it may go while it is read
        }
    }

    private static async Task WaitForAsync(Func<bool> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo())
            await timer.WaitForNextTickAsync(Stop);
    }

    private sealed class Ear(List<JobProgress> heard) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => heard.Add(value);
    }
}
