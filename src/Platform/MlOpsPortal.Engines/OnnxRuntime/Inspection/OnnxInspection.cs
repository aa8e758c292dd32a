using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// Reads a model file in managed code and says why it must not be loaded. The first gate for what a user brings: no native code runs, memory stays
/// a small multiple of the names in the file, time is linear in its size. A file that passes may still be hostile: its first load belongs in a child process.
/// </summary>
public static class OnnxInspection
{
    public const long MaxFileBytes = 512L << 20;
    public const int MaxNodes = 100_000;
    public const int MaxAttributeValues = 1_000_000;
    public const int MaxNameLength = 256;
    public const int MaxSubgraphDepth = 4;
    public const long MaxConstantElements = 16_000_000;

    /// <summary>Highest operator-set versions that the pinned ONNX Runtime runs.</summary>
    public const int MaxOpset = 23;

    public const int MaxMlOpset = 5;

    /// <summary>Inspects a file without reading it into memory.</summary>
    public static unsafe OnnxInspectionResult InspectFile(string path)
    {
        var length = new FileInfo(path).Length;
        if (length == 0)
            return Inspect([]);
        if (length > MaxFileBytes)
            return TooLarge(length);
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return Inspect(new ReadOnlySpan<byte>(start, (int)length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public static OnnxInspectionResult Inspect(ReadOnlySpan<byte> model)
    {
        if (model.Length > MaxFileBytes)
            return TooLarge(model.Length);
        if (OnnxFileKind.Recognise(model) is { } other)
            return new(null, [other]);
        var walk = new OnnxFileWalk();
        try
        {
            walk.Model(model);
        }
        catch (ProtoFormatException broken)
        {
            return new(null, [walk.Broken(broken)]);
        }

        return walk.Result();
    }

    private static OnnxInspectionResult TooLarge(long length) => new(
        null,
        [new(OnnxFaultCode.TooLarge, "file", string.Create(CultureInfo.InvariantCulture, $"{length} bytes; at most {MaxFileBytes} are taken"))]);
}
