using System.Net;

namespace MlOpsPortal.Cli.Connections;

/// <summary>A server said no to one request: the matter of one thing that is copied, not the end of the command.</summary>
/// <param name="server">Who said it, for a sentence at the end of a command.</param>
internal sealed class MlflowRefusal(string server, HttpStatusCode status, string code, string message) : Exception(message)
{
    public string Sentence { get; } = $"{server} refuses: {message}";

    public HttpStatusCode Status { get; } = status;

    /// <summary>MLflow's name for it, such as RESOURCE_DOES_NOT_EXIST; empty when the answer was not MLflow's.</summary>
    public string Code { get; } = code;

    public bool IsMissing => Status == HttpStatusCode.NotFound;

    public bool IsTaken => Code is "RESOURCE_ALREADY_EXISTS" or "ALREADY_EXISTS";

    public bool IsForbidden => Status == HttpStatusCode.Forbidden;
}

/// <summary>A request was sent and nobody knows whether it was carried out: ask before it is sent again.</summary>
internal sealed class UncertainAnswer(string message, Exception? cause = null) : Exception(message, cause);
