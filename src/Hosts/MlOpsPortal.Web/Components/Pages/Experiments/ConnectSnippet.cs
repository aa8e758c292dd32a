namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>What a data scientist pastes to log into this portal: at most six lines, filled in.</summary>
public static class ConnectSnippet
{
    /// <param name="portal">The portal's address as the person has it in her browser.</param>
    /// <param name="tenant">The tenant's slug.</param>
    /// <param name="experiment">The experiment's name; null where she is to choose one.</param>
    /// <param name="token">The token's secret, shown once; null before it is made.</param>
    public static IReadOnlyList<(string Title, string Text)> Of(Uri portal, string tenant, string? experiment, string? token)
    {
        var uri = $"{portal.GetLeftPart(UriPartial.Authority)}/t/{tenant}";
        var (name, secret) = (experiment ?? "my-experiment", token ?? "<token>");
        return
        [
            ("Python", $"""
                import os, mlflow
                os.environ["MLFLOW_TRACKING_URI"] = {Quoted(uri)}
                os.environ["MLFLOW_TRACKING_TOKEN"] = {Quoted(secret)}
                os.environ["MLFLOW_EXPERIMENT_NAME"] = {Quoted(name)}
                with mlflow.start_run():
                    mlflow.log_metric("hello", 1.0)
                """),
            ("Shell", $"""
                export MLFLOW_TRACKING_URI={Shell(uri)}
                export MLFLOW_TRACKING_TOKEN={Shell(secret)}
                export MLFLOW_EXPERIMENT_NAME={Shell(name)}
                python train.py
                """),
            ("PowerShell", $"""
                $env:MLFLOW_TRACKING_URI = '{uri}'
                $env:MLFLOW_TRACKING_TOKEN = '{secret.Replace("'", "''", StringComparison.Ordinal)}'
                $env:MLFLOW_EXPERIMENT_NAME = '{name.Replace("'", "''", StringComparison.Ordinal)}'
                python train.py
                """),
        ];
    }

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static string Shell(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
