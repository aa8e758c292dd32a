using System.ComponentModel.DataAnnotations;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Models;

/// <summary>Section <c>Models</c>: what the children that open model files may use.</summary>
public sealed class ModelsOptions
{
    /// <summary>How long a file may take to be admitted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan AdmissionWallTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an evaluation or a receipt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "06:00:00")]
    public TimeSpan EvaluationWallTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Bytes of memory a file may take while it is admitted.</summary>
    [Range(256L << 20, 64L << 30)]
    public long AdmissionMemory { get; set; } = 1L << 30;

    /// <summary>Bytes of memory an evaluation may take.</summary>
    [Range(512L << 20, 256L << 30)]
    public long EvaluationMemory { get; set; } = 4L << 30;

    internal ChildLimits Admission => new()
    {
        WallTime = AdmissionWallTime,
        CpuTime = AdmissionWallTime * 2,
        Resident = AdmissionMemory,
        Data = AdmissionMemory * 2,
        Heap = 256L << 20,
        FileSize = 64L << 20,
    };

    internal ChildLimits Evaluation => new()
    {
        WallTime = EvaluationWallTime,
        CpuTime = EvaluationWallTime * 2,
        Resident = EvaluationMemory,
        Data = EvaluationMemory * 2,
        Heap = EvaluationMemory / 2,
        FileSize = 4L << 30,
    };
}
