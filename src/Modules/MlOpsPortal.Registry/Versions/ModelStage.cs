namespace MlOpsPortal.Registry.Versions;

/// <summary>Where a version stands, in MLflow's words of before there were aliases.</summary>
public enum ModelStage
{
    None,
    Staging,
    Production,
    Archived,
}

public static class ModelStages
{
    /// <returns>Null for a text that is none; upper and lower case do not matter.</returns>
    public static ModelStage? Parse(string text)
    {
        foreach (var stage in Enum.GetValues<ModelStage>())
            if (text.Equals(stage.ToString(), StringComparison.OrdinalIgnoreCase))
                return stage;
        return null;
    }

    /// <summary>One in which there is usually one version: older ones can be archived with the move.</summary>
    public static bool IsActive(this ModelStage stage) => stage is ModelStage.Staging or ModelStage.Production;
}
