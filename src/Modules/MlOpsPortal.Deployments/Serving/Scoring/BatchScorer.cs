using System.Buffers;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Rows as whole tensors over rented arrays.</summary>
internal static class BatchScorer
{
    /// <returns>The contract's output.</returns>
    public static OnnxOutput Run(OnnxSession session, ScoringPlan plan, RowCells cells, CancellationToken deadline)
    {
        var tensors = new List<RentedTensor>(plan.Inputs.Length);
        try
        {
            foreach (var input in plan.Inputs)
                tensors.Add(RentedTensor.Of(input, cells));
            return session.Run([.. tensors.Select(tensor => tensor.Input)], [plan.Contract.Output.Name], deadline)[0];
        }
        finally
        {
            foreach (var tensor in tensors)
                tensor.Dispose();
        }
    }

    /// <summary>One input's tensor over a rented array.</summary>
    private sealed class RentedTensor(OnnxInput input, Action giveBack) : IDisposable
    {
        public OnnxInput Input => input;

        public void Dispose() => giveBack();

        public static RentedTensor Of(PlannedInput input, RowCells cells)
        {
            var count = cells.Rows * input.Width;
            long[] shape = [cells.Rows, .. input.Shape.Skip(1)];
            return input.Element switch
            {
                OnnxElementType.Float => Fill<float>(input, cells, (row, feature) => (float)cells.Real(row, feature), values => OnnxInput.Floats(input.Name, values.AsMemory(0, count), shape)),
                OnnxElementType.Double => Fill<double>(input, cells, cells.Real, values => OnnxInput.Doubles(input.Name, values.AsMemory(0, count), shape)),
                OnnxElementType.Int64 => Fill<long>(input, cells, cells.Whole, values => OnnxInput.Int64s(input.Name, values.AsMemory(0, count), shape)),
                OnnxElementType.Int32 => Fill<int>(input, cells, (row, feature) => (int)cells.Whole(row, feature), values => OnnxInput.Int32s(input.Name, values.AsMemory(0, count), shape)),
                OnnxElementType.Bool => Fill<bool>(input, cells, (row, feature) => cells.Whole(row, feature) != 0, values => OnnxInput.Booleans(input.Name, values.AsMemory(0, count), shape)),
                OnnxElementType.String => Fill<string>(input, cells, cells.Text, values => OnnxInput.Strings(input.Name, values.AsMemory(0, count), shape)),
                _ => throw new ArgumentOutOfRangeException(nameof(input), input.Element, "An input that is not written."),
            };
        }

        private static RentedTensor Fill<T>(PlannedInput input, RowCells cells, Func<int, int, T> value, Func<T[], OnnxInput> tensor)
        {
            var values = ArrayPool<T>.Shared.Rent(Math.Max(1, cells.Rows * input.Width));
            for (var row = 0; row < cells.Rows; row++)
                for (var column = 0; column < input.Width; column++)
                    values[(row * input.Width) + column] = value(row, input.Features[column]);
            return new RentedTensor(tensor(values), () => ArrayPool<T>.Shared.Return(values, clearArray: typeof(T) == typeof(string)));
        }
    }
}
