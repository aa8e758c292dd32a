using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>A row, or a whole column, that the contract has no place for: ends the child's work with a sentence instead of a trace.</summary>
internal sealed class UnfitRowException : Exception
{
    public UnfitRowException()
        : this("models.scoring_failed")
    {
    }

    public UnfitRowException(string message)
        : this(message, [])
    {
    }

    public UnfitRowException(string message, Exception innerException)
        : base(message, innerException) => Refusal = ModelsErrors.Unprocessable(message);

    public UnfitRowException(string code, params ImmutableArray<string> args)
        : base(code) => Refusal = ModelsErrors.Unprocessable(code, args);

    public Refusal Refusal { get; }
}
