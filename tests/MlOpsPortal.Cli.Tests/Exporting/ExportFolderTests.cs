using System.Text.Json;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Exporting;

public sealed class ExportFolderTests : IDisposable
{
    private static readonly JsonElement Content = JsonElement.Parse("{}");
    private readonly string place = Directory.CreateTempSubdirectory("mlops-export-").FullName;

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("/etc/escaped")]
    [InlineData("a/../../../escaped")]
    [InlineData("..\\escaped")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("~/0000")]
    [InlineData(".bashrc")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("C:/windows")]
    [InlineData("nul ")]
    [InlineData("$(reboot)")]
    public void A_name_that_means_something_to_a_file_system_is_kept_under_its_hash(string path)
    {
        var file = ExportFolder.FileFor("runs", "0123", path);

        file.ShouldMatch("^files/runs/0123/~/[0-9a-f]{64}$");
        ExportFolder.FileFor("runs", "0123", path + "x").ShouldNotBe(file);
    }

    [Fact]
    public void A_harmless_name_can_be_read() => ExportFolder.FileFor("models", "m-1", "data/my model (2).pkl").ShouldBe("files/models/m-1/data/my model (2).pkl");

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void An_id_that_leads_elsewhere_is_refused(string id)
    {
        Should.Throw<CliFailure>(() => ExportFolder.FileFor("runs", id, "model.pkl"));
        Should.Throw<CliFailure>(() => ExportFolder.MetricsFile(id));
    }

    [Fact]
    public async Task Whatever_a_server_calls_its_files_nothing_is_written_outside_the_folder()
    {
        var folder = ExportFolder.Open(Path.Combine(place, "inside"), "http://source", "churn");
        string[] names = ["..", "../escaped", "/escaped", "..\\escaped", "fine.txt"];
        await using var server = await TestServer.StartAsync(_ => (200, "content"));
        using var connection = server.Connect();
        var tree = new ArtifactTree(
            (_, _) => Task.FromResult<IReadOnlyList<ArtifactEntry>>([.. names.Select(name => new ArtifactEntry { Path = name, FileSize = 7 })]), (_, stop) => connection.OpenAsync("file", stop), write: null);

        var saved = await new SaveFiles(folder, new Report()).RunAsync("runs", "0123", tree, CancellationToken.None);

        saved.ShouldNotBeNull().Select(file => file.Path).ShouldBe(["escaped", "escaped", "..\\escaped", "fine.txt"]);
        Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).ShouldAllBe(file => file.StartsWith(folder.Root, StringComparison.Ordinal));
        File.ReadAllText(folder.Absolute("files/runs/0123/fine.txt")).ShouldBe("content");
    }

    [Fact]
    public void A_folder_of_something_else_is_not_written_to()
    {
        File.WriteAllText(Path.Combine(place, "thesis.tex"), "");
        Should.Throw<CliFailure>(() => ExportFolder.Open(place, "http://source", "churn")).Message.ShouldContain("is not empty");

        var other = ExportFolder.Open(Path.Combine(place, "export"), "http://source", "churn").Root;
        ExportFolder.Open(other, "http://source", "churn").Root.ShouldBe(other);
        Should.Throw<CliFailure>(() => ExportFolder.Open(other, "http://source", "fraud")).Message.ShouldContain("churn at http://source");
    }

    [Fact]
    public void Half_a_line_left_by_a_kill_is_cut_off_and_a_later_line_counts()
    {
        var file = Path.Combine(place, "runs.jsonl");
        using (var ledger = Ledger.Open(file))
        {
            ledger.Add(new Entry("größe", "old", Content, []));
            ledger.Add(new Entry("größe", "new", Content, []));
        }

        File.AppendAllText(file, """{"id":"half","state":"x","con""");
        using (var ledger = Ledger.Open(file))
        {
            ledger.Find("größe").ShouldNotBeNull().State.ShouldBe("new");
            ledger.Find("half").ShouldBeNull();
            ledger.Add(new Entry("next", "1", Content, []));
        }

        File.ReadAllLines(file).Length.ShouldBe(3);
        using var again = Ledger.Open(file);
        again.Find("next").ShouldNotBeNull();
    }

    public void Dispose() => Directory.Delete(place, recursive: true);
}
