using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects;

/// <summary>What this module lets whom do.</summary>
public static class ProjectsPermissions
{
    public static readonly Permission Create = new("projects.create", Role.BusinessOwner, Role.DataScientist, Role.TenantAdministrator);
    public static readonly Permission View = new("projects.view", Permission.Everyone);
    public static readonly Permission EditBusiness = new("projects.edit_business", Role.BusinessOwner, Role.DataScientist);
    public static readonly Permission RecordValues = new("projects.record_values", Role.BusinessOwner, Role.DataScientist);
    public static readonly Permission SignOff = new("projects.sign_off", Role.BusinessOwner, Role.RiskManager);
    public static readonly Permission Reopen = new("projects.reopen", Role.BusinessOwner, Role.RiskManager, Role.DataScientist);

    /// <summary>Send work back to an earlier stage.</summary>
    public static readonly Permission SendBack = new("projects.send_back", Role.BusinessOwner, Role.RiskManager, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer);

    /// <summary>Take and finish what a later stage asked for.</summary>
    public static readonly Permission DoTask = new("projects.do_task", Role.BusinessOwner, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer);
    public static readonly Permission Archive = new("projects.archive", Role.BusinessOwner, Role.TenantAdministrator);

    public static readonly PermissionList All = new("projects", [Create, View, EditBusiness, RecordValues, SignOff, Reopen, SendBack, DoTask, Archive]);

    /// <summary>Whose work a stage is: they are told when something is sent back to it.</summary>
    public static Permission WorkOn(Stage stage) => stage switch
    {
        Stage.BusinessUnderstanding => new("projects.work_business", Role.BusinessOwner),
        Stage.DataAcquisition => new("projects.work_data", Role.DataEngineer, Role.DataScientist),
        Stage.ModelDevelopment => new("projects.work_model", Role.DataScientist),
        Stage.ModelDeployment or Stage.ModelMonitoring => new("projects.work_deployment", Role.MlOpsEngineer),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No such stage."),
    };
}
