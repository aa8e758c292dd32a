using System.Diagnostics;
using MlOpsPortal.Models.Registry;

namespace MlOpsPortal.Models.Tests.Admission;

/// <summary>Files that are no models, through the product's own path: each is refused with a sentence, and the portal goes on.</summary>
public sealed class BadFileTests(TestPortal portal)
{
    public static TheoryData<string, string> Files() => new()
    {
        { nameof(HostileFile.Random), "onnx.not_onnx" },
        { nameof(HostileFile.Pickle), "onnx.is_pickle" },
        { nameof(HostileFile.Gzip), "onnx.is_gzip" },
        { nameof(HostileFile.Zip), "onnx.is_zip" },
        { nameof(HostileFile.Html), "onnx.is_html" },
        { nameof(HostileFile.ExternalData), "onnx.external_data" },
        { nameof(HostileFile.TwentyGigabytes), "onnx.constant_size" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_is_no_model_is_refused_with_what_it_is(string file, string code)
    {
        var view = await UploadAsync((byte[])typeof(HostileFile).GetMethod(file)!.Invoke(null, null)!);

        view.Model.Versions[0].State.ShouldBe(VersionState.Refused);
        view.Refused[1].Code.ShouldBe(code);
        view.Refused[1].Detail.Length.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_truncated_model_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(new Sample("breast_cancer", "lightgbm").ModelFile, TestContext.Current.CancellationToken);

        var view = await UploadAsync(whole[..^1]);

        view.Refused[1].Code.ShouldBeOneOf("onnx.truncated", "onnx.malformed");
    }

    [Fact]
    public async Task A_pickle_is_refused_with_help_to_convert_it()
    {
        var view = await UploadAsync(HostileFile.Pickle());

        view.Refused[1].Detail.ShouldContain("to_onnx");
    }

    [Fact]
    public async Task A_model_that_never_ends_is_stopped_at_the_limit()
    {
        var view = await UploadAsync(HostileFile.Endless());

        view.Refused[1].Code.ShouldBe("jobs.too_slow");
    }

    [Fact]
    public async Task A_model_that_would_take_twenty_gigabytes_when_it_runs_ends_its_child_and_nothing_else()
    {
        await UploadAsync(HostileFile.Random()); // what is loaded once is loaded
        var before = Resident();

        var view = await UploadAsync(HostileFile.TwentyGigabytesAtRunTime());

        view.Model.Versions[0].State.ShouldBe(VersionState.Refused);
        view.Refused[1].Code.ShouldBeOneOf("models.load_failed", "jobs.too_much_memory", "jobs.crashed");
        (Resident() - before).ShouldBeLessThan(100L << 20);
    }

    [Fact]
    public async Task A_refused_version_is_kept_and_the_next_one_has_the_next_number()
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("mixed");
        await team.AddVersionAsync(model.Id, HostileFile.Pickle());

        var view = await team.AddVersionAsync(model.Id, await File.ReadAllBytesAsync(new Sample("breast_cancer", "mlp").ModelFile, TestContext.Current.CancellationToken));

        view.Model.Versions.Select(version => version.State).ShouldBe([VersionState.Refused, VersionState.ContractNeeded]);
        view.Model.Versions[1].Number.ShouldBe(2);
        (await team.AuditAsync("model")).ShouldBe(["model.created", "model.version_uploaded", "model.version_refused", "model.version_uploaded", "model.version_admitted"]);
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private async Task<ModelView> UploadAsync(byte[] file)
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("hostile");
        return await team.AddVersionAsync(model.Id, file);
    }
}
