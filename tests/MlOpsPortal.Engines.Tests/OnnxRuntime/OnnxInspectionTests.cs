using System.Diagnostics;
using System.IO.Compression;
using MlOpsPortal.Engines.OnnxRuntime;
using static MlOpsPortal.Engines.Tests.OnnxRuntime.OnnxBytes;

namespace MlOpsPortal.Engines.Tests.OnnxRuntime;

[Collection(MeasuredAlone.Name)]
public sealed class OnnxInspectionTests
{
    public static TheoryData<string, string> Models => SampleModel.All;

    private static OnnxBytes Identity => Node("Identity", ["x"], ["y"]);

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_sample_model_passes_and_is_described_as_the_runtime_sees_it(string folder, string name)
    {
        var result = OnnxInspection.InspectFile(Samples.File(folder, "models", name + ".onnx"));

        result.Faults.ShouldBeEmpty();
        result.IsAcceptable.ShouldBeTrue();
        var report = result.Report.ShouldNotBeNull();
        using var session = OnnxSession.Load(new SampleModel(folder, name).Bytes);
        report.Inputs.Select(Spelled).ShouldBe(session.Inputs.Select(Spelled));
        report.Outputs.Where(output => output.Kind != OnnxValueKind.Tensor || output.Shape.Count > 0).Select(output => (output.Name, output.Kind, output.KeyType))
            .ShouldBeSubsetOf(session.Outputs.Select(output => (output.Name, output.Kind, output.KeyType)));
        report.NodeCount.ShouldBe(report.Operators.Values.Sum());
        report.ParameterBytes.ShouldBeGreaterThan(0);
        report.Opsets.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_forest_is_reported_with_its_operators()
    {
        var report = OnnxInspection.InspectFile(Samples.File("breast_cancer", "models", "random_forest.onnx")).Report.ShouldNotBeNull();

        report.IrVersion.ShouldBeInRange(3, 12);
        report.Operators["ai.onnx.ml.TreeEnsembleClassifier"].ShouldBe(1);
        report.Operators["ai.onnx.ml.ZipMap"].ShouldBe(1);
        report.Outputs[1].Kind.ShouldBe(OnnxValueKind.SequenceOfMaps);
        report.Outputs[1].KeyType.ShouldBe(OnnxElementType.Int64);
    }

    [Fact]
    public void A_plain_crafted_model_passes_and_runs()
    {
        var model = Model(Graph(Identity)).Message(14, new OnnxBytes().Text(1, "key").Text(2, "value")).ToArray();

        var result = OnnxInspection.Inspect(model);
        result.IsAcceptable.ShouldBeTrue();
        result.Report.ShouldNotBeNull().Producer.ShouldBe("tests");
        result.Report.Metadata["key"].ShouldBe("value");
        result.Report.Opsets.ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17, ["ai.onnx.ml"] = 3 }, ignoreOrder: true);
        using var session = OnnxSession.Load(model);
        session.Run([OnnxInput.Floats("x", new float[] { 1, 2 }, 2, 1)])[0].Floats.ShouldBe([1, 2]);
    }

    public static TheoryData<string, byte[]> NotOnnx()
    {
        var good = File.ReadAllBytes(Samples.File("breast_cancer", "models", "lightgbm.onnx"));
        var random = new byte[4_096];
        new Random(7).NextBytes(random);
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest))
            stream.Write(good);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create))
            archive.CreateEntry("model.onnx");
        return new()
        {
            { OnnxFaultCode.Empty, [] },
            { OnnxFaultCode.NotOnnx, random },
            { OnnxFaultCode.NotOnnx, "just some text, no model"u8.ToArray() },
            { OnnxFaultCode.NotOnnx, new byte[1_000] },
            { OnnxFaultCode.Gzip, gzip.ToArray() },
            { OnnxFaultCode.Zip, zip.ToArray() },
            { OnnxFaultCode.Pickle, [0x80, 4, 0x95, 10, 0, 0, 0, 0, 0, 0, 0, (byte)'.'] },
            { OnnxFaultCode.Html, "<!DOCTYPE html><html><body>Sign in</body></html>"u8.ToArray() },
            { OnnxFaultCode.Xml, "<?xml version=\"1.0\"?><PMML/>"u8.ToArray() },
            { OnnxFaultCode.Json, "{\"learner\": {}}"u8.ToArray() },
            { OnnxFaultCode.LfsPointer, "version https://git-lfs.github.com/spec/v1\n"u8.ToArray() },
            { OnnxFaultCode.Truncated, good[..^1] },
            { OnnxFaultCode.Truncated, good[..(good.Length / 2)] },
        };
    }

    [Theory]
    [MemberData(nameof(NotOnnx))]
    public void What_is_no_onnx_is_named(string code, byte[] bytes)
    {
        var result = OnnxInspection.Inspect(bytes);

        result.Report.ShouldBeNull();
        result.Faults.ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Fact]
    public void Every_truncation_of_a_model_is_refused()
    {
        var good = Model(Graph(Node("Normalizer", ["x"], ["y"]).Text(7, "ai.onnx.ml"))).ToArray();
        OnnxInspection.Inspect(good).IsAcceptable.ShouldBeTrue();

        for (var length = 0; length < good.Length; length++)
            OnnxInspection.Inspect(good.AsSpan(0, length)).IsAcceptable.ShouldBeFalse($"cut at {length}");
    }

    [Fact]
    public void Any_changed_byte_is_read_without_a_crash()
    {
        var good = File.ReadAllBytes(Samples.File("breast_cancer", "models", "logistic.onnx"));
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = (byte[])good.Clone();
            for (var j = 0; j <= i % 4; j++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            _ = OnnxInspection.Inspect(changed).Faults.Count;
        }
    }

    public static TheoryData<string, byte[]> Hostile()
    {
        var external = Int64Tensor("w", 1).Message(13, new OnnxBytes().Text(1, "location").Text(2, "../secret")).Number(14, 1);
        var locationOnly = Int64Tensor("w", 1).Number(14, 1);
        var sparse = new OnnxBytes().Message(1, Int64Tensor("s", 1)).Message(2, Int64Tensor("i", 0)).Number(3, 1);
        return new()
        {
            { OnnxFaultCode.ExternalData, Model(Graph(Identity).Message(5, external)).ToArray() },
            { OnnxFaultCode.ExternalData, Model(Graph(Identity).Message(5, locationOnly)).ToArray() },
            { OnnxFaultCode.ExternalData, Model(Graph(Constant("c", external), Identity)).ToArray() },
            { OnnxFaultCode.ExternalData, Model(Graph(If("b", Graph(Constant("c", external))), Identity)).ToArray() },
            { OnnxFaultCode.SparseTensor, Model(Graph(Identity).Message(15, sparse)).ToArray() },
            { OnnxFaultCode.SparseTensor, Model(Graph(Node("Constant", [], ["c"], Attribute("sparse_value", 11, a => a.Message(22, sparse))), Identity)).ToArray() },
            { OnnxFaultCode.SparseTensor, Model(Graph(If("b", Graph(Identity).Message(15, sparse)), Identity)).ToArray() },
            { OnnxFaultCode.Functions, Model(Graph(Identity)).Message(25, new OnnxBytes().Text(1, "f")).ToArray() },
            { OnnxFaultCode.Training, Model(Graph(Identity)).Message(20, new OnnxBytes()).ToArray() },
            { OnnxFaultCode.Domain, Model(Graph(Node("MatMulNBits", ["x"], ["y"]).Text(7, "com.microsoft"))).ToArray() },
            { OnnxFaultCode.Domain, Model(Graph(If("b", Graph(Node("Evil", ["x"], ["y"]).Text(7, "my.ops"))), Identity)).ToArray() },
            { OnnxFaultCode.NodeOrder, Model(Graph(Node("Identity", ["late"], ["y"]), Node("Identity", ["x"], ["late"]))).ToArray() },
            { OnnxFaultCode.Opset, Model(Graph(Identity), 999).ToArray() },
            { OnnxFaultCode.Opset, Model(Graph(Identity), 0).ToArray() },
            { OnnxFaultCode.Duplicate, Model(Graph(Identity)).Message(7, Graph(Identity)).ToArray() },
            { OnnxFaultCode.Duplicate, Model(Graph(Identity.Text(4, "Identity"))).ToArray() },
            { OnnxFaultCode.Duplicate, Model(Graph(Identity).Message(5, Int64Tensor("w", 1).Number(14, 0).Number(14, 1).Number(14, 0))).ToArray() },
            { OnnxFaultCode.TensorSize, Model(Graph(Identity).Message(5, Int64Tensor("w", 1).Number(1, 1_000_000))).ToArray() },
            { OnnxFaultCode.TensorSize, Model(Graph(Identity).Message(5, Int64Tensor("w", 1).Number(1, -5))).ToArray() },
            { OnnxFaultCode.TensorSize, Model(Graph(Identity).Message(5, Int64Tensor("w", 1).Number(1, long.MaxValue).Number(1, long.MaxValue))).ToArray() },
            { OnnxFaultCode.NameTooLong, Model(Graph(Identity.Text(3, new string('n', 257)))).ToArray() },
            { OnnxFaultCode.TypeDepth, Model(Graph(Identity).Message(13, new OnnxBytes().Text(1, "v").Message(2, NestedType(20)))).ToArray() },
            { OnnxFaultCode.TooManyValues, Model(Graph(Node("LabelEncoder", ["x"], ["y"], Attribute("v", 6, a => a.Bytes(7, new byte[4_000_004]))))).ToArray() },
            { OnnxFaultCode.SubgraphDepth, Model(Graph(Nested(5), Identity)).ToArray() },
            { OnnxFaultCode.SubgraphDepth, Model(Graph(Nested(20), Identity)).ToArray() },
            { OnnxFaultCode.SubgraphDepth, Model(Graph(Nested(200), Identity)).ToArray() },
            { OnnxFaultCode.SubgraphDepth, Model(Graph(Nested(5_000), Identity)).ToArray() },
        };
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_model_is_refused_with_the_reason(string code, byte[] model)
    {
        var watch = Stopwatch.StartNew();

        var result = OnnxInspection.Inspect(model);

        result.IsAcceptable.ShouldBeFalse();
        result.Faults.Select(fault => fault.Code).ShouldContain(code);
        result.Faults.ShouldAllBe(fault => fault.Where.Length > 0 && fault.Detail.Length > 0);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Foreign_operators_are_listed()
    {
        var result = OnnxInspection.Inspect(Model(Graph(Node("FusedMatMul", ["x"], ["y"]).Text(7, "com.microsoft"))).ToArray());

        result.Faults.ShouldHaveSingleItem().Detail.ShouldContain("com.microsoft.FusedMatMul");
        result.Report.ShouldNotBeNull().Operators.Keys.ShouldContain("com.microsoft.FusedMatMul");
    }

    [Theory]
    [InlineData(27)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(62)]
    public void A_constant_that_would_fill_the_memory_is_refused_however_its_shape_is_made(int power)
    {
        var size = 1L << power;
        byte[][] models =
        [
            Model(Graph(Node("ConstantOfShape", ["s"], ["c"]), Identity).Message(5, Int64Tensor("s", size))).ToArray(),
            Model(Graph(Constant("s", Int64Tensor("", 1L << (power / 2), 1L << (power - (power / 2)))), Node("ConstantOfShape", ["s"], ["c"]), Identity)).ToArray(),
            Model(Graph(Node("Mul", ["a", "b"], ["s"]), Node("ConstantOfShape", ["s"], ["c"]), Identity)
                .Message(5, Int64Tensor("a", size / 8)).Message(5, Int64Tensor("b", 8))).ToArray(),
            Model(Graph(Node("Concat", ["a", "b"], ["s"]), Node("ConstantOfShape", ["s"], ["c"]), Identity)
                .Message(5, Int64Tensor("a", size / 8)).Message(5, Int64Tensor("b", 8))).ToArray(),
            Model(Graph(Node("Expand", ["a", "s"], ["c"]), Identity).Message(5, Int64Tensor("a", 1)).Message(5, Int64Tensor("s", size))).ToArray(),
            Model(Graph(Node("Tile", ["a", "s"], ["c"]), Identity).Message(5, Int64Tensor("a", 1)).Message(5, Int64Tensor("s", size))).ToArray(),
            Model(Graph(Node("Range", ["z", "s", "o"], ["c"]), Identity)
                .Message(5, Int64Tensor("z", 0)).Message(5, Int64Tensor("s", size)).Message(5, Int64Tensor("o", 1))).ToArray(),
            Model(Graph(Doubling(power)).Message(5, Int64Tensor("d0", 1))).ToArray(),
            Model(Graph(Node("RandomNormal", [], ["c"], Attribute("shape", 7, a => a.Number(8, size))), Identity)).ToArray(),
            Model(Graph(If("b", Graph(Node("ConstantOfShape", ["s"], ["c"]))), Identity).Message(5, Int64Tensor("s", size))).ToArray(),
        ];

        for (var i = 0; i < models.Length; i++)
            OnnxInspection.Inspect(models[i]).Faults.Select(fault => fault.Code).ShouldContain(OnnxFaultCode.ConstantSize, $"variant {i}");
    }

    [Fact]
    public void The_highest_operator_sets_that_pass_are_run()
    {
        var model = Model(Graph(Identity), OnnxInspection.MaxOpset).ToArray();

        OnnxInspection.Inspect(model).Faults.ShouldBeEmpty();
        OnnxSession.Load(model).Dispose();
    }

    [Fact]
    public void A_load_folds_no_constant_even_in_a_file_that_no_one_inspected()
    {
        var model = Model(Graph(Node("ConstantOfShape", ["s"], ["c"]), Node("Add", ["x", "c"], ["y"])).Message(5, Int64Tensor("s", 1 << 28, 1))).ToArray();
        OnnxSession.LoadFile(Samples.File("diabetes", "models", "ridge.onnx")).Dispose();
        var before = Anonymous();

        using var session = OnnxSession.Load(model, OnnxSessionOptions.Serving);

        (Anonymous() - before).ShouldBeLessThan(64L << 20);
    }

    [Fact]
    public void A_small_constant_is_fine()
    {
        var model = Model(Graph(Node("ConstantOfShape", ["s"], ["c"]), Node("Add", ["x", "c"], ["y"])).Message(5, Int64Tensor("s", 1, 1))).ToArray();

        OnnxInspection.Inspect(model).IsAcceptable.ShouldBeTrue();
        using var session = OnnxSession.Load(model);
        session.Run([OnnxInput.Floats("x", new float[] { 3 }, 1, 1)])[0].Floats.ShouldBe([3]);
    }

    [Fact]
    public void A_million_nodes_are_refused_without_holding_them()
    {
        var graph = new OnnxBytes().Message(11, Value("x"));
        for (var i = 0; i < 1_000_000; i++)
            graph.Message(1, Node("Identity", ["x"], ["y"]));
        var model = Model(graph).ToArray();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var result = OnnxInspection.Inspect(model);

        result.Faults.Select(fault => fault.Code).ShouldContain(OnnxFaultCode.TooManyNodes);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(1L << 20);
    }

    [Fact]
    public void The_process_does_not_grow_while_a_large_file_is_inspected()
    {
        using var folder = new ScratchFolder();
        var path = folder.File("large.onnx");
        var start = new OnnxBytes().Number(1, 8).ToArray();
        const int Weights = 400 << 20;
        using (var file = File.Create(path))
        {
            // A graph of one tensor of 400 MiB, whose bytes are a hole in the file.
            var tensor = new OnnxBytes().Number(1, Weights / 4).Number(2, 1).Raw([(9 << 3) | 2]).Raw(Varint(Weights)).ToArray();
            var graph = new OnnxBytes().Raw([(5 << 3) | 2]).Raw(Varint(tensor.Length + Weights)).Raw(tensor).ToArray();
            file.Write(new OnnxBytes().Raw(start).Message(8, new OnnxBytes().Text(1, "").Number(2, 17)).Raw([(7 << 3) | 2]).Raw(Varint(graph.Length + Weights)).Raw(graph).ToArray());
            file.SetLength(file.Position + Weights);
        }

        var before = Anonymous();

        var result = OnnxInspection.InspectFile(path);

        result.IsAcceptable.ShouldBeTrue(string.Join(";", result.Faults));
        result.Report.ShouldNotBeNull().ParameterBytes.ShouldBe(Weights);
        (Anonymous() - before).ShouldBeLessThan(32L << 20);
    }

    [Fact]
    public void A_file_past_the_limit_is_refused_unread()
    {
        using var folder = new ScratchFolder();
        using (var file = File.Create(folder.File("huge.onnx")))
            file.SetLength(OnnxInspection.MaxFileBytes + 1);

        OnnxInspection.InspectFile(folder.File("huge.onnx")).Faults.ShouldHaveSingleItem().Code.ShouldBe(OnnxFaultCode.TooLarge);
    }

    [Fact]
    public void A_loop_that_never_ends_is_stopped_at_its_deadline_and_the_session_goes_on()
    {
        var body = new OnnxBytes()
            .Message(1, Node("Identity", ["going"], ["go_on"]))
            .Message(1, Node("Identity", ["state"], ["next"]))
            .Text(2, "body")
            .Message(11, Value("i", 7, 0)).Message(11, Value("going", 9, 0)).Message(11, Value("state"))
            .Message(12, Value("go_on", 9, 0)).Message(12, Value("next"));
        var forever = new OnnxBytes().Number(2, 9).Text(8, "yes").Bytes(9, [1]);
        var model = Model(Graph(Node("Loop", ["", "yes", "x"], ["y"], Attribute("body", 5, a => a.Message(6, body)))).Message(5, forever)).ToArray();
        OnnxInspection.Inspect(model).Faults.ShouldBeEmpty();
        using var session = OnnxSession.Load(model, OnnxSessionOptions.Admission);
        using var pool = session.CreateRowPool();
        for (var i = 0; i < 3; i++)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            var watch = Stopwatch.StartNew();
            Should.Throw<OperationCanceledException>(() => session.Run([OnnxInput.Floats("x", new float[1], 1, 1)], cancellationToken: deadline.Token));
            using var row = pool.Rent();
            Should.Throw<OperationCanceledException>(() => row.Run(deadline.Token));
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        }
    }

    private static OnnxBytes Constant(string output, OnnxBytes tensor) => Node("Constant", [], [output], Attribute("value", 4, a => a.Message(5, tensor)));

    private static OnnxBytes If(string condition, OnnxBytes branch) => Node("If", [condition], ["r"], Attribute("then_branch", 5, a => a.Message(6, branch)));

    private static OnnxBytes Nested(int depth)
    {
        var graph = Graph(Identity);
        for (var i = 1; i < depth; i++)
            graph = Graph(If("b", graph));
        return If("b", graph);
    }

    private static OnnxBytes NestedType(int depth)
    {
        var type = new OnnxBytes().Message(1, new OnnxBytes().Number(1, 1));
        for (var i = 0; i < depth; i++)
            type = new OnnxBytes().Message(4, new OnnxBytes().Message(1, type));
        return type;
    }

    private static OnnxBytes[] Doubling(int times) =>
        [.. Enumerable.Range(0, times).Select(i => Node("Concat", [$"d{i}", $"d{i}"], [$"d{i + 1}"])), Identity];

    private static byte[] Varint(int value) => new OnnxBytes().Number(1, value).ToArray()[1..];

    private static string Spelled(OnnxValueInfo value) => $"{value.Name} {value.Kind} {value.ElementType} {value.KeyType} [{string.Join(",", value.Shape)}]";

    /// <summary>Memory that is neither file nor shared: what a crafted file could make grow.</summary>
    private static long Anonymous()
    {
        GC.Collect();
        var line = File.ReadLines("/proc/self/status").Single(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) * 1_024;
    }
}
