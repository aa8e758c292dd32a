namespace MlOpsPortal.Projects.Stages;

/// <summary>The five stages, in order.</summary>
public enum Stage
{
    BusinessUnderstanding = 1,
    DataAcquisition = 2,
    ModelDevelopment = 3,
    ModelDeployment = 4,
    ModelMonitoring = 5,
}
