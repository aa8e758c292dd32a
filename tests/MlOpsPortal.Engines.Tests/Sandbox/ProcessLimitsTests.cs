using System.Diagnostics;
using MlOpsPortal.Engines.Sandbox;

namespace MlOpsPortal.Engines.Tests.Sandbox;

public sealed class ProcessLimitsTests(ITestOutputHelper console)
{
    [Fact]
    public void A_child_limits_itself_and_reports_what_the_system_did_not_allow()
    {
        var (exit, output) = SandboxProbe.Run("report");

        exit.ShouldBe(0);
        console.WriteLine(string.Join('\n', output.Split('\n').TakeWhile(line => !line.StartsWith("Limit", StringComparison.Ordinal))));
        foreach (var limit in (string[])["no_new_privs", "die_with_parent", "core", "data", "cpu", "file_size", "open_files"])
            output.ShouldContain(limit);
        Line(output, "Max data size").ShouldContain("1073741824");
        Line(output, "Max cpu time").ShouldContain(" 2 ");
        Line(output, "Max core file size").ShouldContain(" 0 ");
        Line(output, "Max file size").ShouldContain("1048576");
        Line(output, "Max open files").ShouldContain("64");
        Line(output, "NoNewPrivs").ShouldEndWith("1");
        (output.Contains("refused network: ", StringComparison.Ordinal) || output.StartsWith("network,", StringComparison.Ordinal)).ShouldBeTrue();
        output.StartsWith("network,", StringComparison.Ordinal).ShouldBe(ChildProcess.WhyNetwork is null);
    }

    [Fact]
    public void Memory_past_the_limit_is_refused() => SandboxProbe.Run("allocate").ShouldBe((0, "refused"));

    [Fact]
    public void A_file_past_the_limit_is_not_written()
    {
        using var folder = new ScratchFolder();

        SandboxProbe.Run("write", folder.File("big")).ExitCode.ShouldNotBe(0);

        new FileInfo(folder.File("big")).Length.ShouldBeLessThanOrEqualTo(1 << 20);
    }

    [Fact]
    public void A_child_that_spins_is_ended_by_its_processor_time()
    {
        var watch = Stopwatch.StartNew();

        SandboxProbe.Run("spin").ExitCode.ShouldNotBe(0);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void A_child_dies_with_its_parent()
    {
        var (exit, output) = SandboxProbe.Run("parent");

        exit.ShouldNotBe(0);
        var grandchild = int.Parse(output, System.Globalization.CultureInfo.InvariantCulture);
        SpinWait.SpinUntil(() => !Lives(grandchild), TimeSpan.FromMinutes(1)).ShouldBeTrue();
    }

    private static bool Lives(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it may go while it is read
        }
    }

    private static string Line(string output, string start) => output.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal)).TrimEnd();
}
