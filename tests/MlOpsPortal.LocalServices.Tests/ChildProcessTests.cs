namespace MlOpsPortal.LocalServices.Tests;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TempFolder temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task A_child_leads_its_own_session_and_its_output_goes_to_the_log()
    {
        var child = Start("cut -d' ' -f1,6 /proc/$$/stat");
        (await child.Exited.WaitAsync(Stop)).ShouldBe(0);
        child.LogTail().Trim().ShouldBe($"{child.Id} {child.Id}");
    }

    [Fact]
    public async Task A_child_that_ignores_the_signal_is_killed_with_its_session_after_the_patience()
    {
        var child = Start("trap '' TERM; echo ready; while :; do sleep 1000; done");
        await SaysAsync(child, "ready");
        (await child.StopAsync(Signal.Terminate, TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        (await child.Exited).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task A_child_that_obeys_the_signal_is_not_killed()
    {
        var child = Start("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
        await SaysAsync(child, "ready");
        (await child.StopAsync(Signal.Terminate, Patience)).ShouldBeTrue();
        (await child.Exited).ShouldBe(0);
        child.LogTail().ShouldContain("bye");
        File.Exists(temp.Sub("identity")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_leftover_is_stopped_by_its_recorded_identity()
    {
        var child = Start("echo ready; exec sleep 1000");
        await SaysAsync(child, "ready");
        await ChildProcess.StopLeftoverAsync(temp.Sub("identity"), Signal.Terminate, Patience);
        (await child.Exited.WaitAsync(Stop)).ShouldBe(128 + 15);
        File.Exists(temp.Sub("identity")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stranger_with_the_recorded_pid_is_left_alone()
    {
        var stranger = Start("echo ready; exec sleep 1000");
        await SaysAsync(stranger, "ready");
        var lines = await File.ReadAllLinesAsync(temp.Sub("identity"), Stop);
        var fields = lines[0].Split(' ');
        fields[21] = "1"; // it started with the kernel, says the record
        await File.WriteAllLinesAsync(temp.Sub("forged"), [string.Join(' ', fields), lines[1]], Stop);

        await ChildProcess.StopLeftoverAsync(temp.Sub("forged"), Signal.Kill, Patience);

        ChildProcess.IsRunning(temp.Sub("identity")).ShouldBeTrue();
        await stranger.StopAsync(Signal.Terminate, Patience);
    }

    [Fact]
    public async Task A_failed_run_tells_the_exit_code_and_the_last_lines()
    {
        var command = Command("echo first; echo the disk is full >&2; exit 7");
        var failure = await Should.ThrowAsync<LaunchException>(() => ChildProcess.RunAsync(command, Stop));
        failure.Message.ShouldContain("exit code 7");
        failure.Message.ShouldContain("the disk is full");
        failure.Message.ShouldContain(command.LogFile);
    }

    [Fact]
    public async Task The_last_lines_are_those_of_this_start_only()
    {
        await ChildProcess.RunAsync(Command("echo of an earlier start"), Stop);
        (await Should.ThrowAsync<LaunchException>(() => ChildProcess.RunAsync(Command("exit 1"), Stop))).Message.ShouldNotContain("earlier");
    }

    private ChildProcess Start(string script) => ChildProcess.Start(Command(script));

    private ChildCommand Command(string script) => new()
    {
        Name = "The child",
        Command = ["/bin/sh", "-c", script],
        IdentityFile = temp.Sub("identity"),
        LogFile = temp.Sub("log"),
    };

    private static Task SaysAsync(ChildProcess child, string text) =>
        Readiness.WaitAsync(child, () => Task.FromResult(child.LogTail().Contains(text, StringComparison.Ordinal)), Patience, Stop);
}
