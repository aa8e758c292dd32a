using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MlOpsPortal.Platform.Errors;

/// <summary>A value, or the refusal that stands in its place.</summary>
public sealed record Result<T>
{
    public T? Value { get; init; }

    public Refusal? Refusal { get; init; }

    [JsonIgnore]
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsOk => Refusal is null;

    public static implicit operator Result<T>(T value) => new() { Value = value };

    public static implicit operator Result<T>(Refusal refusal) => new() { Refusal = refusal };

    public Result<TOther> Map<TOther>(Func<T, TOther> map) => IsOk ? map(Value) : Refusal;

    public Result<TOther> Then<TOther>(Func<T, Result<TOther>> next) => IsOk ? next(Value) : Refusal;

    public async Task<Result<TOther>> ThenAsync<TOther>(Func<T, Task<Result<TOther>>> next) => IsOk ? await next(Value) : Refusal;

    /// <summary>The value where a refusal would be a bug (seeding, tests).</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Required() => IsOk ? Value : throw new InvalidOperationException($"Refused: {Refusal.Code} ({string.Join(", ", Refusal.Args)})");
}

/// <summary>The value of a use case that has nothing to say but that it happened.</summary>
public sealed record Done
{
    public static readonly Done Instance = new();
}
