using System.Diagnostics;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Engines.Tests.OnnxRuntime;

[Collection(MeasuredAlone.Name)]
public sealed class OnnxRowTests(ITestOutputHelper console)
{
    private const int Rows = 8_192;

    [Fact]
    public void A_row_scores_as_in_the_batch()
    {
        var sample = new SampleModel("bike", "lightgbm");
        using var session = OnnxSession.Load(sample.Bytes);
        var published = sample.Published();
        var features = Features(sample, session, published.Length);
        using var pool = session.CreateRowPool();
        using var row = pool.Rent();

        for (var i = 0; i < published.Length; i++)
        {
            row.Set(0, features.AsSpan(i * 11, 11));
            row.Run();
            ((double)row.Floats(0)[0]).ShouldBe(published[i], Math.Abs(published[i]) * 1e-5);
        }
    }

    [Fact]
    public void A_row_takes_integers_texts_and_missing_values()
    {
        using var adult = OnnxSession.LoadFile(Samples.File("adult", "models", "logistic.onnx"));
        using var pool = adult.CreateRowPool([adult.Outputs[1].Name]);
        using var row = pool.Rent();
        Fill(adult, row, new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["age"] = 30L, ["workclass"] = "Private", ["education"] = "Some-college", ["education_num"] = 10L, ["marital_status"] = "Divorced",
            ["occupation"] = "Tech-support", ["relationship"] = "Own-child", ["race"] = "White", ["sex"] = "Female", ["capital_gain"] = 0L,
            ["capital_loss"] = 0L, ["hours_per_week"] = 40L, ["native_country"] = "United-States",
        });

        row.Run();

        ((double)row.Floats(0)[1]).ShouldBe(new SampleModel("adult", "logistic").Published()[0], 1e-6);
    }

    [Fact]
    public void A_zip_map_is_read_from_a_row()
    {
        var sample = new SampleModel("breast_cancer", "random_forest");
        using var session = OnnxSession.Load(sample.Bytes);
        using var pool = session.CreateRowPool();
        using var row = pool.Rent();
        row.Set(0, Features(sample, session, 1).AsSpan(0, 30));

        row.Run();

        row.Read(1).Keys.ShouldBe([0L, 1L]);
        ((double)row.Read(1).Floats[1]).ShouldBe(sample.Published()[0], 1e-5);
        Should.Throw<OnnxException>(() => row.Floats(0)).Message.ShouldContain("Int64, not Float");
    }

    [Fact]
    public void A_wrong_type_or_column_is_refused_and_a_returned_row_is_dead()
    {
        using var session = OnnxSession.LoadFile(Samples.File("breast_cancer", "models", "logistic.onnx"));
        using var pool = session.CreateRowPool();
        var row = pool.Rent();

        Should.Throw<OnnxException>(() => row.Set(0, "text")).Message.ShouldContain("holds Float, not String");
        Should.Throw<IndexOutOfRangeException>(() => row.Set(0, 1f, 30));
        Should.Throw<ArgumentException>(() => row.Set(0, new float[31]));
        Should.Throw<InvalidOperationException>(() => row.Floats(0));
        row.Dispose();
        Should.Throw<ObjectDisposedException>(() => row.Run());
    }

    [Fact]
    public void A_rented_row_outlives_its_session_and_a_new_one_is_refused()
    {
        var session = OnnxSession.LoadFile(Samples.File("breast_cancer", "models", "logistic.onnx"));
        var pool = session.CreateRowPool();
        var row = pool.Rent();

        session.Dispose();
        pool.Dispose();

        row.Run();
        row.Floats(1).Length.ShouldBe(2);
        row.Dispose();
        Should.Throw<ObjectDisposedException>(() => pool.Rent());
    }

    [Fact]
    public void One_row_allocates_next_to_nothing()
    {
        var sample = new SampleModel("breast_cancer", "lightgbm");
        using var session = OnnxSession.Load(sample.Bytes);
        var features = Features(sample, session, Rows);
        using var pool = session.CreateRowPool([session.Outputs[1].Name]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        Score(pool, features, 30, deadline.Token);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Score(pool, features, 30, deadline.Token);

        var perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / Rows;
        console.WriteLine($"{perRow} bytes per row");
        perRow.ShouldBeLessThan(8_192);
    }

    [Theory]
    [InlineData("breast_cancer", "logistic", 30)]
    [InlineData("breast_cancer", "lightgbm", 30)]
    [InlineData("bike", "random_forest", 11)]
    public void The_cost_of_one_row_is_printed(string folder, string name, int columns)
    {
        var sample = new SampleModel(folder, name);
        using var session = OnnxSession.Load(sample.Bytes);
        var features = Features(sample, session, Rows);
        using var pool = session.CreateRowPool([session.Outputs[^1].Name]);
        var checksum = Score(pool, features, columns, CancellationToken.None);
        var watch = Stopwatch.StartNew();

        var again = Score(pool, features, columns, CancellationToken.None);

        console.WriteLine($"{folder}/{name}: {watch.Elapsed.TotalMicroseconds / Rows:F2} us per row over {Rows} distinct rows");
        again.ShouldBe(checksum);
    }

    private static double Score(OnnxRowPool pool, float[] features, int columns, CancellationToken cancellationToken)
    {
        double sum = 0;
        for (var i = 0; i < features.Length / columns; i++)
        {
            using var row = pool.Rent();
            row.Set(0, features.AsSpan(i * columns, columns));
            row.Run(cancellationToken);
            sum += row.Floats(0)[0];
        }

        return sum;
    }

    /// <summary>The test rows, repeated with a little noise until there are enough distinct ones.</summary>
    private static float[] Features(SampleModel sample, OnnxSession session, int rows)
    {
        var source = sample.Floats();
        var columns = (int)session.Inputs[0].Shape[1];
        var random = new Random(20240101);
        var features = new float[rows * columns];
        for (var i = 0; i < features.Length; i++)
            features[i] = i < source.Length ? source[i] : source[i % source.Length] * (1 + (0.05f * random.NextSingle()));
        return features;
    }

    private static void Fill(OnnxSession session, OnnxRow row, Dictionary<string, object> values)
    {
        for (var i = 0; i < session.Inputs.Count; i++)
        {
            if (values[session.Inputs[i].Name] is string text)
                row.Set(i, text);
            else
                row.Set(i, (long)values[session.Inputs[i].Name]);
        }
    }
}
