namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Recognises what people upload instead of ONNX, so that the refusal can say what it is.</summary>
internal static class OnnxFileKind
{
    internal static OnnxFault? Recognise(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            return Fault(OnnxFaultCode.Empty, "the file is empty");
        if (file.Length > 1 && file[0] == 0x80 && file[1] is >= 2 and <= 5)
            return Fault(OnnxFaultCode.Pickle, "a Python pickle: code, not data; export the model to ONNX");
        if (file.StartsWith("ccopy_reg"u8) || file.StartsWith("ZF0x"u8) || file.StartsWith("(dp"u8) || file.StartsWith("(lp"u8))
            return Fault(OnnxFaultCode.Pickle, "a Python pickle (old protocol or joblib): code, not data; export the model to ONNX");
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return Fault(OnnxFaultCode.Gzip, "a gzip archive; send the .onnx file itself");
        if (file.StartsWith("PK\x03\x04"u8) || file.StartsWith("PK\x05\x06"u8))
            return Fault(OnnxFaultCode.Zip, "a ZIP archive (PyTorch, Keras and MLflow models are such); export the model to ONNX");
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return Fault(OnnxFaultCode.Hdf5, "an HDF5 file (an old Keras model); export the model to ONNX");
        if (file.StartsWith("PAR1"u8))
            return Fault(OnnxFaultCode.Parquet, "a Parquet file: data, not a model");
        if (file.StartsWith("version https://git-lfs"u8))
            return Fault(OnnxFaultCode.LfsPointer, "a Git LFS pointer; fetch the file it stands for");
        return Text(file[..Math.Min(file.Length, 64)]);
    }

    private static OnnxFault? Text(ReadOnlySpan<byte> head)
    {
        var start = head.TrimStart("\ufeff \t\r\n"u8);
        if (start.StartsWith("<?xml"u8) || start.StartsWith("<PMML"u8))
            return Fault(OnnxFaultCode.Xml, "an XML document (PMML perhaps); export the model to ONNX");
        if (start.StartsWith("<"u8) && !start.ContainsAnyInRange((byte)0, (byte)8))
            return Fault(OnnxFaultCode.Html, "an HTML page; the download may have met a sign-in page");
        if (start.StartsWith("{\""u8) || start.StartsWith("{\r"u8) || start.StartsWith("{\n"u8) || start.StartsWith("{ "u8) || start.StartsWith("["u8))
            return Fault(OnnxFaultCode.Json, "a JSON document; export the model to ONNX");
        return null;
    }

    private static OnnxFault Fault(string code, string detail) => new(code, "file", detail);
}
