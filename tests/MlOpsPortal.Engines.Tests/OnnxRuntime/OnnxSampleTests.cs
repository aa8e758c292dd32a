using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Engines.Tests.OnnxRuntime;

public sealed class OnnxSampleTests
{
    public static TheoryData<string, string> Models => SampleModel.All;

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_sample_model_answers_as_its_library_published(string folder, string name)
    {
        var sample = new SampleModel(folder, name);
        using var session = OnnxSession.Load(sample.Bytes, OnnxSessionOptions.Evaluation);

        var answers = SampleModel.Answers(session.Run(sample.Inputs(session)));

        var published = sample.Published();
        answers.Length.ShouldBe(published.Length);
        var worst = answers.Zip(published, (own, other) => Math.Abs(own - other) / Math.Max(Math.Abs(other), 1e-12)).Max();
        worst.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void A_zip_map_is_described_and_read_by_its_keys()
    {
        var sample = new SampleModel("breast_cancer", "random_forest");
        using var session = OnnxSession.Load(sample.Bytes);
        session.Outputs[1].Kind.ShouldBe(OnnxValueKind.SequenceOfMaps);
        session.Outputs[1].KeyType.ShouldBe(OnnxElementType.Int64);
        session.Outputs[1].ElementType.ShouldBe(OnnxElementType.Float);

        var probabilities = session.Run(sample.Inputs(session), [session.Outputs[1].Name]).ShouldHaveSingleItem();

        probabilities.Keys.ShouldBe([0L, 1L]);
        probabilities.Shape.ShouldBe([228, 2]);
        for (var row = 0; row < 228; row++)
            (probabilities.Floats[2 * row] + probabilities.Floats[(2 * row) + 1]).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Inputs_and_outputs_are_described()
    {
        using var one = OnnxSession.LoadFile(Samples.File("breast_cancer", "models", "logistic.onnx"));
        one.Inputs.ShouldHaveSingleItem().Shape.ShouldBe([-1, 30]);
        one.Inputs[0].ElementType.ShouldBe(OnnxElementType.Float);
        one.Outputs.Select(output => output.ElementType).ShouldBe([OnnxElementType.Int64, OnnxElementType.Float]);

        using var many = OnnxSession.LoadFile(Samples.File("adult", "models", "logistic.onnx"));
        many.Inputs.Count.ShouldBe(13);
        many.Inputs.Single(input => input.Name == "workclass").ElementType.ShouldBe(OnnxElementType.String);
    }

    [Fact]
    public void Outputs_come_in_the_order_asked_for()
    {
        var sample = new SampleModel("breast_cancer", "logistic");
        using var session = OnnxSession.Load(sample.Bytes);

        var outputs = session.Run(sample.Inputs(session), [session.Outputs[1].Name, session.Outputs[0].Name]);

        outputs.Select(output => output.Name).ShouldBe([session.Outputs[1].Name, session.Outputs[0].Name]);
        outputs[0].Floats.Length.ShouldBe(456);
        outputs[1].Int64s.Length.ShouldBe(228);
    }

    [Fact]
    public void No_rows_give_no_answers()
    {
        using var session = OnnxSession.LoadFile(Samples.File("breast_cancer", "models", "logistic.onnx"));

        session.Run([OnnxInput.Floats(session.Inputs[0].Name, Array.Empty<float>(), 0, 30)])[1].Floats.ShouldBeEmpty();
    }

    [Fact]
    public void Wrong_inputs_are_refused_with_the_name()
    {
        using var session = OnnxSession.LoadFile(Samples.File("breast_cancer", "models", "logistic.onnx"));
        var name = session.Inputs[0].Name;

        Should.Throw<OnnxException>(() => session.Run([])).Message.ShouldContain($"'{name}' is missing");
        Should.Throw<OnnxException>(() => session.Run([OnnxInput.Floats("other", new float[30], 1, 30)])).Message.ShouldContain("has no input 'other'");
        Should.Throw<OnnxException>(() => session.Run([OnnxInput.Floats(name, new float[31], 1, 31)])).Code.ShouldBe(OnnxErrorCode.InvalidArgument);
        Should.Throw<OnnxException>(() => session.Run([OnnxInput.Doubles(name, new double[30], 1, 30)])).Code.ShouldBe(OnnxErrorCode.InvalidArgument);
        Should.Throw<OnnxException>(() => session.Run([OnnxInput.Floats(name, new float[30], 1, 30), OnnxInput.Floats(name, new float[30], 1, 30)]))
            .Message.ShouldContain("given twice");
        Should.Throw<ArgumentException>(() => OnnxInput.Floats(name, new float[29], 1, 30)).Message.ShouldContain("29 values");
        Should.Throw<OnnxException>(() => session.Run([OnnxInput.Floats(name, new float[30], 1, 30)], ["nothing"])).Message.ShouldContain("no output 'nothing'");
    }

    [Fact]
    public async Task Any_number_of_threads_score_at_once_and_a_disposed_session_finishes_its_runs()
    {
        var sample = new SampleModel("adult", "lightgbm");
        var session = OnnxSession.Load(sample.Bytes);
        var inputs = sample.Inputs(session);
        var expected = SampleModel.Answers(session.Run(inputs));
        using var started = new CountdownEvent(4);

        var runs = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var answers = new List<double[]>();
                for (var i = 0; i < 5; i++)
                {
                    answers.Add(SampleModel.Answers(session.Run(inputs)));
                    if (i == 0)
                        started.Signal();
                }

                return answers;
            },
            TaskCreationOptions.LongRunning)).ToArray();
        started.Wait(TestContext.Current.CancellationToken);

        foreach (var answers in (await Task.WhenAll(runs)).SelectMany(run => run))
            answers.ShouldBe(expected);
        session.Dispose();
        Should.Throw<ObjectDisposedException>(() => session.Run(inputs));
    }

    [Fact]
    public void Bytes_that_are_no_model_are_an_exception_with_a_code()
    {
        Should.Throw<OnnxException>(() => OnnxSession.Load("no model"u8)).Message.ShouldNotBeEmpty();
        Should.Throw<OnnxException>(() => OnnxSession.Load([]));
        Should.Throw<OnnxException>(() => OnnxSession.LoadFile("/nowhere/model.onnx")).Code.ShouldBe(OnnxErrorCode.NoSuchFile);
    }
}
