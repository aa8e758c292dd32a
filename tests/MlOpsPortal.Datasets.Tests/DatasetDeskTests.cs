using System.Collections.Immutable;
using System.Text;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Datasets.Tests;

public sealed class DatasetDeskTests : IAsyncLifetime
{
    private TestPortal portal = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DatasetDesk Desk => portal.Desk;

    public async ValueTask InitializeAsync() => portal = await TestPortal.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task An_uploaded_file_becomes_a_version_with_profile_rows_and_files()
    {
        var id = await portal.CreateAsync("Adult", await File.ReadAllBytesAsync(TestChildren.Sample("adult/train.csv")), DatasetRole.Training, "income_over_50k");
        var version = (await portal.SettledAsync(id)).Versions.ShouldHaveSingleItem();
        (version.State, version.Rows, version.Columns, version.Role).ShouldBe((VersionState.Ready, 22_792L, 14, DatasetRole.Training));

        var detail = (await Desk.GetVersionAsync(portal.Ada, id, 1, Stop)).Required();
        detail.Profile.ShouldNotBeNull().DuplicateRows.ShouldBe(1879);
        (await Desk.RowsAsync(portal.Ada, id, 1, Stop)).Required().Rows.Length.ShouldBe(100);
        await using var csv = (await Desk.OpenAsync(portal.Ada, id, 1, FileFormat.Csv, Stop)).Required();
        using var reader = new StreamReader(csv.Content);
        (await reader.ReadLineAsync(Stop)).ShouldStartWith("age,workclass,education");
        csv.Name.ShouldBe("Adult-v1.csv");
        await using var parquet = (await Desk.OpenAsync(portal.Ada, id, 1, FileFormat.Parquet, Stop)).Required();
        var head = new byte[4];
        await parquet.Content.ReadExactlyAsync(head, Stop);
        head.ShouldBe("PAR1"u8.ToArray());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_a_version_that_says_why_and_nothing_else()
    {
        var id = await portal.CreateAsync("Broken", "a,b\n1,2\n3\n"u8.ToArray());
        var version = (await portal.SettledAsync(id)).Versions.ShouldHaveSingleItem();
        (version.State, version.Data, version.Fault!.Code).ShouldBe((VersionState.Failed, null, "datasets.ragged_short"));
        var job = (await portal.Get<JobDesk>().GetAsync(portal.Ada, version.Job, Stop)).Required();
        job.State.ShouldBe(JobState.Failed);
        job.Fault!.Detail.ShouldBe("Line 3 has fewer values than the 2 columns of the file: 1.");
        (await Desk.RowsAsync(portal.Ada, id, 1, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.OpenAsync(portal.Ada, id, 1, FileFormat.Parquet, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.not_ready");
    }

    [Fact]
    public async Task A_target_that_is_no_column_fails_the_version()
    {
        var id = await portal.CreateAsync("Targetless", "a,b\n1,2\n"u8.ToArray(), DatasetRole.Training, "c");
        (await portal.SettledAsync(id)).Versions[0].Fault!.Code.ShouldBe("datasets.no_such_column");
    }

    [Fact]
    public async Task An_upload_is_its_owners_and_must_be_complete()
    {
        var upload = await portal.UploadAsync("a.csv", "a\n1\n"u8.ToArray());
        var other = portal.Ada with { User = new UserId(Guid.CreateVersion7()) };
        (await Desk.DetectAsync(other, upload, null, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.DetectAsync(portal.Ada with { Tenant = new TenantId(Guid.CreateVersion7()) }, upload, null, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.DetectAsync(portal.Ada, upload, null, Stop)).Required().Columns.ShouldHaveSingleItem().Name.ShouldBe("a");

        var half = (await portal.Get<UploadDesk>().BeginAsync(portal.Ada, new BeginUpload("half.csv", 10, new string('0', 64)), Stop)).Required().Id;
        (await Desk.CreateAsync(portal.Ada, portal.Project, new NewDataset("Half", null, new NewVersion(half, null, DatasetRole.None, null, null)), Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("uploads.incomplete");
        (await portal.Get<DatasetList>().ListAsync(portal.Ada, portal.Project, PageRequest.Of(null, null), archived: true, Stop)).Required().Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_is_taken_whatever_its_case_until_its_dataset_is_archived()
    {
        var request = new NewDataset("Messages", null, null);
        var first = (await Desk.CreateAsync(portal.Ada, portal.Project, request, Stop)).Required().State.Id;
        (await Desk.CreateAsync(portal.Ada, portal.Project, request with { Name = " MESSAGES " }, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.name_taken");
        (await Desk.ApplyAsync(portal.Ada, first, new ArchiveDataset("not needed"), null, Stop)).IsOk.ShouldBeTrue();
        (await Desk.CreateAsync(portal.Ada, portal.Project, request, Stop)).IsOk.ShouldBeTrue();
        (await Desk.ApplyAsync(portal.Ada, first, new DescribeDataset("x", ""), null, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.archived");
    }

    [Fact]
    public async Task Another_tenant_and_strangers_see_nothing_and_viewers_see_figures_but_no_rows()
    {
        var id = await portal.CreateAsync("Secret", "a\n1\n"u8.ToArray());
        await portal.SettledAsync(id);
        var foreign = portal.Ada with { Tenant = new TenantId(Guid.CreateVersion7()) };
        var stranger = portal.Ada with { Name = "Stranger" };
        foreach (var caller in new[] { foreign, stranger })
        {
            (await Desk.GetAsync(caller, id, Stop)).Refusal.ShouldBe(new NotFound());
            (await Desk.GetVersionAsync(caller, id, 1, Stop)).Refusal.ShouldBe(new NotFound());
            (await Desk.RowsAsync(caller, id, 1, Stop)).Refusal.ShouldBe(new NotFound());
            (await Desk.OpenAsync(caller, id, 1, FileFormat.Csv, Stop)).Refusal.ShouldBe(new NotFound());
            (await Desk.ApplyAsync(caller, id, new CheckVersion(1), null, Stop)).Refusal.ShouldBe(new NotFound());
            (await portal.Get<IDatasetCatalog>().FindAsync(caller, new VersionRef(id, 1), Stop)).Refusal.ShouldBe(new NotFound());
        }

        var viewer = portal.Ada with { Name = "Viewer" };
        (await Desk.GetVersionAsync(viewer, id, 1, Stop)).IsOk.ShouldBeTrue();
        (await Desk.RowsAsync(viewer, id, 1, Stop)).Refusal.ShouldBeOfType<Forbidden>();
        (await Desk.ApplyAsync(viewer, id, new DescribeDataset("x", ""), null, Stop)).Refusal.ShouldBeOfType<Forbidden>();
    }

    [Fact]
    public async Task Two_people_who_save_at_once_do_not_overwrite_each_other()
    {
        var created = (await Desk.CreateAsync(portal.Ada, portal.Project, new NewDataset("Both", null, null), Stop)).Required();
        (await Desk.ApplyAsync(portal.Ada, created.State.Id, new DescribeDataset("Both", "one"), created.Version, Stop)).IsOk.ShouldBeTrue();
        (await Desk.ApplyAsync(portal.Ada, created.State.Id, new DescribeDataset("Both", "two"), created.Version, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("stale");
    }

    [Fact]
    public async Task A_split_makes_versions_with_roles_and_compares_test_with_training()
    {
        var id = await portal.CreateAsync("Whole", await File.ReadAllBytesAsync(TestChildren.Sample("adult/train.csv")), target: "income_over_50k");
        await portal.SettledAsync(id);
        var plan = new SplitPlan(SplitMethod.Stratified, 0.6, 0.2, 0.2, "income_over_50k", 7);
        (await Desk.SplitAsync(portal.Ada, id, 1, plan, null, null, Stop)).Required();
        var dataset = await portal.SettledAsync(id);
        dataset.Versions.Select(version => (version.Role, version.State)).ShouldBe(
        [
            (DatasetRole.None, VersionState.Ready), (DatasetRole.Training, VersionState.Ready), (DatasetRole.Validation, VersionState.Ready), (DatasetRole.Test, VersionState.Ready),
        ]);
        dataset.Versions.Skip(1).Sum(version => version.Rows).ShouldBe(22_792);
        dataset.Versions[3].Origin.ShouldBe(new VersionOrigin(null, null, new VersionRef(id, 1), plan));
        var leak = dataset.Versions[3].Leak.ShouldNotBeNull();
        leak.TestRows.ShouldBe(dataset.Versions[3].Rows);
        leak.Leaked.ShouldBeGreaterThan(100); // adult repeats itself: 1,879 duplicate rows

        (await Desk.SplitAsync(portal.Ada, id, 1, plan with { Test = 0.5 }, null, null, Stop)).Refusal.ShouldBeOfType<Validation>().Fields.ShouldContain(fault => fault.Code == "datasets.shares_sum");
        (await Desk.SplitAsync(portal.Ada, id, 9, plan, null, null, Stop)).Refusal.ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task Expectations_are_checked_for_each_new_version_and_again_on_demand()
    {
        var id = await portal.CreateAsync("Rules", "a\n1\n2\n"u8.ToArray());
        await portal.SettledAsync(id);
        var rules = (ImmutableArray<Expectation>)[new InRange("a", 1, 2, 1) { Id = Guid.CreateVersion7() }];
        (await Desk.ApplyAsync(portal.Ada, id, new SetExpectations(rules), null, Stop)).Required();
        (await portal.SettledAsync(id)).Versions[0].Quality.ShouldNotBeNull().Passed.ShouldBe(1);

        var next = new NewVersion(await portal.UploadAsync("next.csv", "a\n1\n3\n"u8.ToArray()), null, DatasetRole.None, null, null);
        (await Desk.AddVersionAsync(portal.Ada, id, next, null, Stop)).Required();
        (await portal.SettledAsync(id)).Versions[1].Quality.ShouldNotBeNull().Ok.ShouldBeFalse();
        (await Desk.GetVersionAsync(portal.Ada, id, 2, Stop)).Required().Quality.ShouldHaveSingleItem().Examples.ShouldBe(["3"]);

        var bad = (ImmutableArray<Expectation>)[new InRange("a", 3, 2, 1) { Id = Guid.CreateVersion7() }];
        (await Desk.ApplyAsync(portal.Ada, id, new SetExpectations(bad), null, Stop)).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Code.ShouldBe("datasets.range_order");
    }

    [Fact]
    public async Task Stage_two_is_met_by_declared_clean_data_and_not_before()
    {
        var gate = portal.Get<IEnumerable<IGateEvidence>>().Single(source => source.Stage == Stage.DataAcquisition);
        (await gate.CheckAsync(portal.Ada, portal.Project, Stop)).ShouldAllBe(check => !check.Met);

        var id = await portal.CreateAsync("Data", Rows(1, 100), DatasetRole.Training, "y");
        await portal.SettledAsync(id);
        var test = new NewVersion(await portal.UploadAsync("test.csv", Rows(95, 130)), null, DatasetRole.None, null, null);
        (await Desk.AddVersionAsync(portal.Ada, id, test, null, Stop)).Required();
        await portal.SettledAsync(id);
        (await Desk.ApplyAsync(portal.Ada, id, new DeclareRole(2, DatasetRole.Test, "y", null), null, Stop)).Required();
        var leaky = await portal.SettledAsync(id);
        leaky.Versions[1].Leak.ShouldNotBeNull().Leaked.ShouldBe(6);
        (await Desk.ApplyAsync(portal.Ada, id, new DeclareRole(2, DatasetRole.Training, "y", null), null, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.role_declared");
        (await gate.CheckAsync(portal.Ada, portal.Project, Stop)).Where(check => !check.Met).Select(check => check.Code).ShouldBe(["datasets.gate_quality", "datasets.gate_leak"]);

        var clean = new NewVersion(await portal.UploadAsync("clean.csv", Rows(101, 130)), null, DatasetRole.Test, "y", null);
        (await Desk.AddVersionAsync(portal.Ada, id, clean, null, Stop)).Required();
        await portal.SettledAsync(id);
        (await Desk.ApplyAsync(portal.Ada, id, new SetExpectations([new NotNull("x", 1) { Id = Guid.CreateVersion7() }]), null, Stop)).Required();
        await portal.SettledAsync(id);
        (await Desk.ApplyAsync(portal.Ada, id, new CheckVersion(1), null, Stop)).Required();
        await portal.SettledAsync(id);
        (await gate.CheckAsync(portal.Ada, portal.Project, Stop)).ShouldAllBe(check => check.Met);
    }

    [Fact]
    public async Task Other_modules_stage_a_versions_file_for_their_jobs()
    {
        var id = await portal.CreateAsync("Staged", "a,b\n1,x\n"u8.ToArray(), DatasetRole.Test);
        await portal.SettledAsync(id);
        using var scratch = portal.Get<ChildProcess>().NewScratch();
        var facts = (await portal.Get<IDatasetCatalog>().StageAsync(portal.Ada, new VersionRef(id, 1), scratch, "test.parquet", Stop)).Required();
        (facts.Rows, facts.Columns.Length, facts.Project).ShouldBe((1L, 2, portal.Project));
        new FileInfo(scratch.Input("test.parquet")).Length.ShouldBe(facts.Data.Length);
        File.GetUnixFileMode(scratch.Input("test.parquet")).ShouldBe(UnixFileMode.UserRead);
        (await portal.Get<IDatasetCatalog>().ListAsync(portal.Ada, portal.Project, Stop)).Required().ShouldHaveSingleItem().DatasetName.ShouldBe("Staged");
    }

    [Fact]
    public async Task What_a_job_does_twice_happens_once()
    {
        var id = await portal.CreateAsync("Twice", "a\n1\n"u8.ToArray());
        var dataset = await portal.SettledAsync(id);
        await using (var command = portal.Get<PortalDatabase>().System.CreateCommand("UPDATE platform.jobs SET state = 'Running', worker = 'elsewhere', heartbeat_at = now() - interval '1 hour', attempts = 1"))
            await command.ExecuteNonQueryAsync(Stop);
        (await portal.SettledAsync(id)).Versions.ShouldBe(dataset.Versions);
    }

    [Fact]
    public async Task Every_sentence_of_a_refusal_and_a_gate_is_there()
    {
        var texts = portal.Get<RefusalTexts>();
        var gate = portal.Get<IEnumerable<IGateEvidence>>().Single(source => source.Stage == Stage.DataAcquisition);
        foreach (var check in await gate.CheckAsync(portal.Ada, portal.Project, Stop))
            texts.Has(check.Code).ShouldBeTrue(check.Code);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(LocalServices.Repository.Root, "src/Modules/MlOpsPortal.Datasets"), "*.cs", SearchOption.AllDirectories))
            foreach (System.Text.RegularExpressions.Match code in System.Text.RegularExpressions.Regex.Matches(await File.ReadAllTextAsync(file, Stop), "\"(?<code>datasets\\.[a-z_0-9]+)\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
                if (!IsName(code.Groups["code"].Value))
                    texts.Has(code.Groups["code"].Value).ShouldBeTrue(code.Groups["code"].Value);
    }

    private static bool IsName(string code) => code is "datasets.read" or "datasets.split" or "datasets.check" or "datasets.leak" or "datasets.view" or "datasets.see_rows" or "datasets.edit" or "datasets.archive";

    private static byte[] Rows(int from, int to) => Encoding.ASCII.GetBytes("x,y\n" + string.Concat(Enumerable.Range(from, to - from + 1).Select(row => $"{row},{row % 2}\n")));
}
