using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Work;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Jobs as services.</summary>
public static class JobsModule
{
    internal static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobOptions>().Bind(configuration.GetSection("Jobs")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ScheduleOptions>().Bind(configuration.GetSection("Schedules")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ScheduleDesk>().AddSingleton<ScheduleClock>();
        services.TryAddSingleton<StartChild>(_ => start => Process.Start(start) ?? throw new InvalidOperationException("The system started no process."));
        services.AddSingleton<IWorkSource, JobWork>().AddSingleton<INotificationRule, JobRule>();
        return services.AddSingleton<JobQueue>().AddSingleton<JobDesk>().AddSingleton<JobWorker>().AddSingleton<ChildProcess>();
    }

    /// <summary>Registers a module's kind of job.</summary>
    public static IServiceCollection AddJobKind<TKind>(this IServiceCollection services)
        where TKind : class, IJobKind => services.AddSingleton<IJobKind, TKind>();
}
