using System.Collections.Immutable;

namespace MlOpsPortal.Platform.Errors;

/// <summary>Why a use case did not happen: one of five closed kinds, a stable <see cref="Code"/> and the facts its sentence needs.
/// The sentence itself is a resource found by the code (<see cref="RefusalTexts"/>). Exceptions are for bugs.</summary>
public abstract record Refusal
{
    private protected Refusal(string code, ImmutableArray<string> args) => (Code, Args) = (code, args.IsDefault ? [] : args);

    /// <summary>Stable and lower case, module first: <c>projects.name_taken</c>.</summary>
    public string Code { get; init; }

    /// <summary>What the sentence's placeholders {0}, {1}… stand for.</summary>
    public ImmutableArray<string> Args { get; init; }
}

/// <summary>The input cannot be accepted as it is. <see cref="Fields"/> name what is wrong where, when it is about fields.</summary>
public sealed record Validation(string Code, params ImmutableArray<string> Args) : Refusal(Code, Args)
{
    public ValidationKind Kind { get; init; } = ValidationKind.Input;
    public ImmutableArray<FieldFault> Fields { get; init; } = [];
}

/// <summary>Which of HTTP's statuses for unacceptable input fits.</summary>
public enum ValidationKind
{
    /// <summary>400</summary>
    Input,

    /// <summary>413</summary>
    TooLarge,

    /// <summary>415</summary>
    WrongType,

    /// <summary>422: well formed, but what it says cannot be (a file that is no model, a key used for another body).</summary>
    Unprocessable,
}

/// <summary>One field that cannot be accepted. The sentence is found by <see cref="Code"/>, as a refusal's is.</summary>
public sealed record FieldFault(string Field, string Code, params ImmutableArray<string> Args);

/// <summary>Nothing here by that name or id, or nothing that the caller may know of: both read the same.</summary>
public sealed record NotFound(string Code = "not_found", params ImmutableArray<string> Args) : Refusal(Code, Args);

/// <summary>It collides with what is there: a taken name, a stale version, a move the lifecycle does not have.</summary>
public sealed record Conflict(string Code, params ImmutableArray<string> Args) : Refusal(Code, Args);

/// <summary>The caller may know of it but not do this.</summary>
public sealed record Forbidden(string Code, params ImmutableArray<string> Args) : Refusal(Code, Args);

/// <summary>It cannot be done now; a later try may work.</summary>
public sealed record Unavailable(string Code, params ImmutableArray<string> Args) : Refusal(Code, Args)
{
    public UnavailableKind Kind { get; init; } = UnavailableKind.Down;

    /// <summary>When to come back.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Which of HTTP's statuses for "not now" fits.</summary>
public enum UnavailableKind
{
    /// <summary>503</summary>
    Down,

    /// <summary>429</summary>
    TooMany,

    /// <summary>504</summary>
    TooSlow,

    /// <summary>507</summary>
    NoRoom,
}
