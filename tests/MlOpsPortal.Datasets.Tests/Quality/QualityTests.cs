using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Tests.Quality;

public sealed class QualityTests : IDisposable
{
    private readonly TestChildren children = new();

    [Fact]
    public async Task Expectations_pass_and_fail_with_figures()
    {
        var id = Guid.CreateVersion7();
        ImmutableArray<Expectation> expectations =
        [
            new NotNull("a", 0.75) { Id = id }, new NotNull("a", 0.8) { Id = id }, new InRange("a", 1, 2, 1) { Id = id }, new InSet("b", ["x", "it's"], 1) { Id = id }, new InSet("b", ["x"], 0.5) { Id = id },
            new Unique(["b"]) { Id = id }, new Unique(["a", "b"]) { Id = id }, new RowCountBetween(4, null) { Id = id }, new RowCountBetween(null, 3) { Id = id },
            new InRange("b", 1, 2, 1) { Id = id }, new NotNull("gone", 1) { Id = id },
        ];
        var file = children.Written("a,b\n1,x\n2,x\n3,it's\n,x\n"u8.ToArray());
        var results = (await children.ReadAsync(file, null, expectations)).Required().Quality;
        results.Select(result => result.Passed).ShouldBe([true, false, false, true, true, false, true, true, false, null, null]);
        (results[1].Observed, results[1].Applicable, results[1].Failed).ShouldBe((0.75, 4L, 1L));
        (results[2].Applicable, results[2].Failed, results[2].Examples.Single()).ShouldBe((3L, 1L, "3"));
        (results[5].Failed, results[5].Examples.Single()).ShouldBe((3L, "x"));
        results[8].Observed.ShouldBe(4);
        results.TakeLast(2).Select(result => result.Reason).ShouldBe(["datasets.reason_not_numeric", "datasets.reason_no_column"]);
    }

    [Fact]
    public async Task What_a_profile_suggests_holds_for_its_own_version()
    {
        var file = TestChildren.Sample("adult/train.csv");
        var profile = (await children.ReadAsync(file)).Required().Profile;
        var suggested = Suggestions.From(profile, Guid.NewGuid);
        suggested.OfType<InSet>().ShouldContain(rule => rule.Column == "sex" && rule.Values.Length == 2);
        suggested.OfType<InRange>().ShouldContain(rule => rule.Column == "age" && rule.Min == 17);
        (await children.ReadAsync(file, null, suggested)).Required().Quality.ShouldAllBe(result => result.Passed == true);
    }

    [Fact]
    public async Task Test_rows_that_stand_in_the_training_data_are_counted()
    {
        var training = await ParquetAsync("id,a,b\n1,1,x\n2,2,y\n3,,z\n");
        var test = await ParquetAsync("a,b,extra\n1.0,x,0\n2.5,y,0\n,z,0\n,z,1\n");
        var leak = (await children.RunAsync<LeakAnswer>(
            DatasetVerbs.Leak, new LeakSpec(test.Columns, training.Columns), (FileReader.Data, test.File), (LeakQuery.Training, training.File))).Required();
        (leak.TestRows, leak.Leaked).ShouldBe((4L, 3L));
        leak.Columns.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(SplitMethod.Random, null)]
    [InlineData(SplitMethod.Stratified, "sex")]
    public async Task A_split_is_the_same_for_the_same_seed_and_loses_no_row(SplitMethod method, string? column)
    {
        var whole = await ParquetAsync(await File.ReadAllBytesAsync(TestChildren.Sample("adult/train.csv")));
        var plan = new SplitPlan(method, 0.6, 0.2, 0.2, column, Seed: 42);
        var first = await SplitAsync(whole, plan);
        var again = await SplitAsync(whole, plan);
        var other = await SplitAsync(whole, plan with { Seed = 43 });

        first.Rows.Sum().ShouldBe(22_792);
        first.Rows[0].ShouldBeInRange(13_674, 13_676);
        again.Contents.ShouldBe(first.Contents);
        other.Contents.ShouldNotBe(first.Contents);
    }

    [Fact]
    public async Task A_stratified_split_keeps_each_values_share()
    {
        var whole = await ParquetAsync(await File.ReadAllBytesAsync(TestChildren.Sample("adult/train.csv")));
        var split = await SplitAsync(whole, new SplitPlan(SplitMethod.Stratified, 0.7, 0, 0.3, "income_over_50k", Seed: 1));
        split.Answers.Length.ShouldBe(2);
        var shares = split.Answers.Select(part => part.Profile.Columns.Single(column => column.Name == "income_over_50k").Number!.Mean).ToList();
        shares[0].ShouldBe(shares[1], 1e-4);
    }

    [Fact]
    public async Task A_split_by_time_puts_nothing_of_the_past_behind_the_future_and_keeps_equal_moments_together()
    {
        var whole = await ParquetAsync("at,v\n2024-03-01,1\n2024-01-01,2\n2024-02-01,3\n2024-02-01,4\n2024-04-01,5\n2024-02-01,6\n");
        var split = await SplitAsync(whole, new SplitPlan(SplitMethod.Time, 0.5, 0, 0.5, "at", Seed: 0));
        split.Answers[0].Profile.Columns[0].Range.ShouldBe(new RangeProfile("2024-01-01", "2024-02-01"));
        split.Answers[1].Profile.Columns[0].Range.ShouldBe(new RangeProfile("2024-03-01", "2024-04-01"));
        split.Rows.ShouldBe([4L, 2L]);
    }

    [Fact]
    public async Task A_part_that_would_be_empty_is_refused()
    {
        var whole = await ParquetAsync("a\n1\n2\n");
        var split = await children.RunAsync<ImmutableArray<ReadAnswer>>(
            DatasetVerbs.Split, new SplitSpec(new SplitPlan(SplitMethod.Random, 0.98, 0.01, 0.01, null, 1), whole.Columns, []), (FileReader.Data, whole.File));
        split.Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.empty_part");
    }

    [Fact]
    public async Task An_exported_CSV_starts_no_formula()
    {
        var data = await ParquetAsync("=name,n\n=1+1,-5\n@x,2\n\"+\"\"q\"\"\",3\nplain,4\n");
        (await children.RunAsync<Done>(DatasetVerbs.Csv, new CsvSpec(data.Columns), (FileReader.Data, data.File))).IsOk.ShouldBeTrue();
        (await File.ReadAllTextAsync(children.Last.Made(CsvExport.File).FullName)).ShouldBe("'=name,n\n'=1+1,-5\n'@x,2\n\"'+\"\"q\"\"\",3\nplain,4\n");
    }

    public void Dispose() => children.Dispose();

    private Task<(string File, ImmutableArray<ColumnSchema> Columns)> ParquetAsync(string csv) => ParquetAsync(System.Text.Encoding.UTF8.GetBytes(csv));

    private async Task<(string File, ImmutableArray<ColumnSchema> Columns)> ParquetAsync(byte[] csv)
    {
        var answer = (await children.ReadAsync(csv)).Required();
        return (children.Last.Made(FileReader.Data).FullName, answer.Columns);
    }

    private async Task<(ImmutableArray<ReadAnswer> Answers, List<long> Rows, List<string> Contents)> SplitAsync((string File, ImmutableArray<ColumnSchema> Columns) whole, SplitPlan plan)
    {
        var answers = (await children.RunAsync<ImmutableArray<ReadAnswer>>(DatasetVerbs.Split, new SplitSpec(plan, whole.Columns, []), (FileReader.Data, whole.File))).Required();
        var contents = new List<string>();
        using var db = DuckDbConnection.OpenInMemory();
        for (var part = 0; part < answers.Length; part++)
        {
            using var reader = db.Query($"SELECT md5(string_agg(CAST(t AS VARCHAR), ';')) FROM read_parquet({DuckDbSql.Literal(children.Last.Made(Splitter.File(part)).FullName)}) t");
            reader.Read();
            contents.Add(reader.GetString(0));
        }

        return (answers, [.. answers.Select(answer => answer.Profile.Rows)], contents);
    }
}
