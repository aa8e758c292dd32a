using System.Net.Http.Headers;
using System.Text;

namespace MlOpsPortal.Cli.Connections;

/// <summary>What the tool says about itself to a server; read from the environment, never from the command line, where others could see it.</summary>
internal static class Credentials
{
    public static Address Portal(Func<string, string?> environment) =>
        Given(environment, "MLOPS_URL") is { } url ? Address.Parse(url, "MLOPS_URL") : throw new CliFailure("Set MLOPS_URL to the portal's address, and MLOPS_TOKEN to one of your tokens.");

    public static AuthenticationHeaderValue PortalToken(Func<string, string?> environment) =>
        Given(environment, "MLOPS_TOKEN") is { } token ? new AuthenticationHeaderValue("Bearer", Plain(token, "MLOPS_TOKEN")) : throw new CliFailure("Set MLOPS_TOKEN to one of your tokens of the portal.");

    /// <summary>As MLflow's own client reads them: user name and password win over a token. Null when nothing is set.</summary>
    public static AuthenticationHeaderValue? Mlflow(Func<string, string?> environment)
    {
        if (Given(environment, "MLFLOW_TRACKING_USERNAME") is { } name && Given(environment, "MLFLOW_TRACKING_PASSWORD") is { } password)
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        return Given(environment, "MLFLOW_TRACKING_TOKEN") is { } token ? new AuthenticationHeaderValue("Bearer", Plain(token, "MLFLOW_TRACKING_TOKEN")) : null;
    }

    private static string? Given(Func<string, string?> environment, string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static string Plain(string token, string name) =>
        token.All(character => character is > ' ' and < (char)127) ? token : throw new CliFailure($"{name} has a character in it that no token has; was it copied whole?");
}
