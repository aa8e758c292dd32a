using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// The functions of ONNX Runtime's C interface in use, taken by position from the table it hands out. Positions never change once released;
/// version 23 of the table is asked for. Every function that can fail returns a status: 0, or an object with a code and a message.
/// </summary>
internal static unsafe class OnnxApi
{
    private const uint TableVersion = 23;

    internal static readonly delegate* unmanaged<nint, int> GetErrorCode;
    internal static readonly delegate* unmanaged<nint, byte*> GetErrorMessage;
    internal static readonly delegate* unmanaged<delegate* unmanaged<void*, int, byte*, byte*, byte*, byte*, void>, void*, int, byte*, nint*, nint> CreateEnvWithLogger;
    internal static readonly delegate* unmanaged<nint, nint> DisableTelemetry;
    internal static readonly delegate* unmanaged<nint, byte*, nint, nint*, nint> CreateSession;
    internal static readonly delegate* unmanaged<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray;
    internal static readonly delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run;
    internal static readonly delegate* unmanaged<nint*, nint> CreateSessionOptions;
    internal static readonly delegate* unmanaged<nint, nint> DisableMemPattern;
    internal static readonly delegate* unmanaged<nint, nint> DisableCpuMemArena;
    internal static readonly delegate* unmanaged<nint, int, nint> SetOptimizationLevel;
    internal static readonly delegate* unmanaged<nint, int, nint> SetIntraOpThreads;
    internal static readonly delegate* unmanaged<nint, int, nint> SetInterOpThreads;
    internal static readonly delegate* unmanaged<nint, nuint*, nint> InputCount;
    internal static readonly delegate* unmanaged<nint, nuint*, nint> OutputCount;
    internal static readonly delegate* unmanaged<nint, nuint, nint*, nint> InputType;
    internal static readonly delegate* unmanaged<nint, nuint, nint*, nint> OutputType;
    internal static readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> InputName;
    internal static readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> OutputName;
    internal static readonly delegate* unmanaged<nint*, nint> CreateRunOptions;
    internal static readonly delegate* unmanaged<nint, nint> SetTerminate;
    internal static readonly delegate* unmanaged<nint, nint> UnsetTerminate;
    internal static readonly delegate* unmanaged<nint, long*, nuint, int, nint*, nint> CreateTensor;
    internal static readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorOver;
    internal static readonly delegate* unmanaged<nint, void**, nint> TensorData;
    internal static readonly delegate* unmanaged<nint, nint*, nint> AsTensorInfo;
    internal static readonly delegate* unmanaged<nint, int*, nint> KindOfType;
    internal static readonly delegate* unmanaged<nint, int*, nint> ElementType;
    internal static readonly delegate* unmanaged<nint, nuint*, nint> DimensionCount;
    internal static readonly delegate* unmanaged<nint, long*, nuint, nint> Dimensions;
    internal static readonly delegate* unmanaged<nint, nuint*, nint> ElementCount;
    internal static readonly delegate* unmanaged<nint, nint*, nint> TensorTypeAndShape;
    internal static readonly delegate* unmanaged<nint, int*, nint> KindOfValue;
    internal static readonly delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo;
    internal static readonly delegate* unmanaged<nint, void*, nint> AllocatorFree;
    internal static readonly delegate* unmanaged<nint*, nint> DefaultAllocator;
    internal static readonly delegate* unmanaged<nint, int, nint, nint*, nint> GetValue;
    internal static readonly delegate* unmanaged<nint, nuint*, nint> ValueCount;
    internal static readonly delegate* unmanaged<nint, void> ReleaseStatus;
    internal static readonly delegate* unmanaged<nint, void> ReleaseSession;
    internal static readonly delegate* unmanaged<nint, void> ReleaseValue;
    internal static readonly delegate* unmanaged<nint, void> ReleaseRunOptions;
    internal static readonly delegate* unmanaged<nint, void> ReleaseType;
    internal static readonly delegate* unmanaged<nint, void> ReleaseTensorInfo;
    internal static readonly delegate* unmanaged<nint, void> ReleaseSessionOptions;
    internal static readonly delegate* unmanaged<nint, nint*, nint> AsMapType;
    internal static readonly delegate* unmanaged<nint, nint*, nint> AsSequenceType;
    internal static readonly delegate* unmanaged<nint, int*, nint> MapKeyType;
    internal static readonly delegate* unmanaged<nint, nint*, nint> MapValueType;
    internal static readonly delegate* unmanaged<nint, nint*, nint> SequenceElementType;
    internal static readonly delegate* unmanaged<nint, nuint, nuint*, nint> StringLength;
    internal static readonly delegate* unmanaged<nint, nuint, nuint, void*, nint> StringContent;
    internal static readonly delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfig;
    internal static readonly delegate* unmanaged<nint, byte*, byte*, nint> AddRunConfig;
    internal static readonly delegate* unmanaged<nint, nuint, nuint, byte**, nint> StringBuffer;
    internal static readonly delegate* unmanaged<nint, byte, nint> SetLoadCancelled;

    /// <summary>One environment per process; it lives as long as the process does.</summary>
    internal static readonly nint Environment;

    /// <summary>The process-wide CPU allocator, owned by the library.</summary>
    internal static readonly nint Allocator;

    /// <summary>Describes memory of ours that a tensor is laid over.</summary>
    internal static readonly nint CpuMemory;

    static OnnxApi()
    {
        var library = NativeLibrary.Load(EngineLibraries.OnnxRuntimePath);
        var start = (delegate* unmanaged<OrtApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        var entry = start();
        LibraryVersion = Marshal.PtrToStringUTF8((nint)entry->GetVersion()) ?? "";
        var table = entry->GetApi(TableVersion);
        if (table is null)
            throw new OnnxException($"ONNX Runtime {LibraryVersion} has no interface of version {TableVersion}.");

        GetErrorCode = (delegate* unmanaged<nint, int>)table[1];
        GetErrorMessage = (delegate* unmanaged<nint, byte*>)table[2];
        CreateEnvWithLogger = (delegate* unmanaged<delegate* unmanaged<void*, int, byte*, byte*, byte*, byte*, void>, void*, int, byte*, nint*, nint>)table[4];
        DisableTelemetry = (delegate* unmanaged<nint, nint>)table[6];
        CreateSession = (delegate* unmanaged<nint, byte*, nint, nint*, nint>)table[7];
        CreateSessionFromArray = (delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)table[8];
        Run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)table[9];
        CreateSessionOptions = (delegate* unmanaged<nint*, nint>)table[10];
        DisableMemPattern = (delegate* unmanaged<nint, nint>)table[17];
        DisableCpuMemArena = (delegate* unmanaged<nint, nint>)table[19];
        SetOptimizationLevel = (delegate* unmanaged<nint, int, nint>)table[23];
        SetIntraOpThreads = (delegate* unmanaged<nint, int, nint>)table[24];
        SetInterOpThreads = (delegate* unmanaged<nint, int, nint>)table[25];
        InputCount = (delegate* unmanaged<nint, nuint*, nint>)table[30];
        OutputCount = (delegate* unmanaged<nint, nuint*, nint>)table[31];
        InputType = (delegate* unmanaged<nint, nuint, nint*, nint>)table[33];
        OutputType = (delegate* unmanaged<nint, nuint, nint*, nint>)table[34];
        InputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[36];
        OutputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[37];
        CreateRunOptions = (delegate* unmanaged<nint*, nint>)table[39];
        SetTerminate = (delegate* unmanaged<nint, nint>)table[46];
        UnsetTerminate = (delegate* unmanaged<nint, nint>)table[47];
        CreateTensor = (delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)table[48];
        CreateTensorOver = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[49];
        TensorData = (delegate* unmanaged<nint, void**, nint>)table[51];
        AsTensorInfo = (delegate* unmanaged<nint, nint*, nint>)table[55];
        KindOfType = (delegate* unmanaged<nint, int*, nint>)table[56];
        ElementType = (delegate* unmanaged<nint, int*, nint>)table[60];
        DimensionCount = (delegate* unmanaged<nint, nuint*, nint>)table[61];
        Dimensions = (delegate* unmanaged<nint, long*, nuint, nint>)table[62];
        ElementCount = (delegate* unmanaged<nint, nuint*, nint>)table[64];
        TensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)table[65];
        KindOfValue = (delegate* unmanaged<nint, int*, nint>)table[67];
        CreateCpuMemoryInfo = (delegate* unmanaged<int, int, nint*, nint>)table[69];
        AllocatorFree = (delegate* unmanaged<nint, void*, nint>)table[76];
        DefaultAllocator = (delegate* unmanaged<nint*, nint>)table[78];
        GetValue = (delegate* unmanaged<nint, int, nint, nint*, nint>)table[80];
        ValueCount = (delegate* unmanaged<nint, nuint*, nint>)table[81];
        ReleaseStatus = (delegate* unmanaged<nint, void>)table[93];
        ReleaseSession = (delegate* unmanaged<nint, void>)table[95];
        ReleaseValue = (delegate* unmanaged<nint, void>)table[96];
        ReleaseRunOptions = (delegate* unmanaged<nint, void>)table[97];
        ReleaseType = (delegate* unmanaged<nint, void>)table[98];
        ReleaseTensorInfo = (delegate* unmanaged<nint, void>)table[99];
        ReleaseSessionOptions = (delegate* unmanaged<nint, void>)table[100];
        AsMapType = (delegate* unmanaged<nint, nint*, nint>)table[103];
        AsSequenceType = (delegate* unmanaged<nint, nint*, nint>)table[104];
        MapKeyType = (delegate* unmanaged<nint, int*, nint>)table[105];
        MapValueType = (delegate* unmanaged<nint, nint*, nint>)table[106];
        SequenceElementType = (delegate* unmanaged<nint, nint*, nint>)table[107];
        StringLength = (delegate* unmanaged<nint, nuint, nuint*, nint>)table[127];
        StringContent = (delegate* unmanaged<nint, nuint, nuint, void*, nint>)table[128];
        AddSessionConfig = (delegate* unmanaged<nint, byte*, byte*, nint>)table[130];
        AddRunConfig = (delegate* unmanaged<nint, byte*, byte*, nint>)table[165];
        StringBuffer = (delegate* unmanaged<nint, nuint, nuint, byte**, nint>)table[252];
        SetLoadCancelled = (delegate* unmanaged<nint, byte, nint>)table[293];

        nint made;
        fixed (byte* id = "mlops"u8)
            Check(CreateEnvWithLogger(&Drop, null, LogFatalOnly, id, &made));
        Environment = made;
        Check(DisableTelemetry(Environment));
        Check(DefaultAllocator(&made));
        Allocator = made;
        Check(CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &made));
        CpuMemory = made;
    }

    private const int LogFatalOnly = 4;
    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;

    internal static string LibraryVersion { get; }

    /// <summary>Throws for a status that is a failure, and releases it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(nint status)
    {
        if (status != 0)
            throw Failure(status);
    }

    internal static OnnxException Failure(nint status)
    {
        var failure = new OnnxException(GetErrorCode(status), Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "");
        ReleaseStatus(status);
        return failure;
    }

    /// <summary>Reads a text that the library allocated, and frees it.</summary>
    internal static string TakeText(byte* text)
    {
        var taken = Marshal.PtrToStringUTF8((nint)text) ?? "";
        Check(AllocatorFree(Allocator, text));
        return taken;
    }

    /// <summary>The library's log goes nowhere: what matters comes back as a status, and it would quote users' models on our standard error.</summary>
    [UnmanagedCallersOnly]
    private static void Drop(void* state, int severity, byte* category, byte* logId, byte* codeLocation, byte* message)
    {
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct OrtApiBase
    {
        internal readonly delegate* unmanaged<uint, void**> GetApi;
        internal readonly delegate* unmanaged<byte*> GetVersion;
    }
}
