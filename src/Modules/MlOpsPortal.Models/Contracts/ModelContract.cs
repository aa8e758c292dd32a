using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Contracts;

/// <summary>How named features become the file's inputs, and one of its outputs an answer. Confirmed by a person: a tensor [n,k] has no column
/// names, and a wrong order scores without a complaint.</summary>
/// <param name="Target">The column that is predicted.</param>
/// <param name="PositiveClass">Binary: the value of the target that the probability is about; otherwise null.</param>
/// <param name="Features">In the order in which requests and pages list them.</param>
/// <param name="Threshold">Binary: a probability at or above it is decided positive, 0..1; otherwise null.</param>
public sealed record ModelContract(
    MlTask Task, string Target, string? PositiveClass, ContractOutput Output, ImmutableArray<ContractFeature> Features, double? Threshold)
{
    /// <summary>Several classes: their names in the order of the output's columns; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Classes { get; init; }

    [JsonIgnore]
    public ImmutableArray<string> ClassNames => Classes ?? [];

    /// <summary>Answers per row: one, or one probability per class.</summary>
    [JsonIgnore]
    public int Width => Task == MlTask.Multiclass ? Math.Max(ClassNames.Length, 1) : 1;

    /// <summary>SHA-256 of the contract's JSON, lower-case hex: equal contracts have equal hashes.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, PortalJson.Options)));
}

/// <summary>Which output is read, and where in it the answer stands.</summary>
/// <param name="Column">Of a tensor with several values per row, from 0; 0 where there is one.</param>
/// <param name="Key">Of a ZipMap: the class whose probability is read; null for a tensor.</param>
public sealed record ContractOutput(string Name, int Column, string? Key)
{
    /// <summary>Of a version that is not run.</summary>
    public static readonly ContractOutput None = new("", 0, null);
}

/// <summary>One feature by name.</summary>
/// <param name="Nullable">Null is scored as NaN. Only inputs of float or double can be.</param>
/// <param name="Input">The file's input that takes it.</param>
/// <param name="Position">Column within that input, from 0.</param>
public sealed record ContractFeature(string Name, FeatureType Type, bool Nullable, string Input, int Position);

/// <summary>What a caller may send for a feature.</summary>
public enum FeatureType
{
    /// <summary>Any finite number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,
    Text,
    Boolean,
}
