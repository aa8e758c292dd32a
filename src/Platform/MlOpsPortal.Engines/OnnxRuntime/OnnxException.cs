namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>ONNX Runtime refused a model or failed in it. The message is its own, in English, and may quote the model.</summary>
public sealed class OnnxException : Exception
{
    public OnnxException()
    {
    }

    public OnnxException(string message)
        : base(message)
    {
    }

    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal OnnxException(int code, string message)
        : base(message) =>
        Code = (OnnxErrorCode)code;

    public OnnxErrorCode Code { get; } = OnnxErrorCode.Fail;
}

/// <summary>Numbered as in ONNX Runtime's C interface.</summary>
public enum OnnxErrorCode
{
    Ok = 0,
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ExecutionProviderFail = 11,
    ModelLoadCancelled = 12,
}
