using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Work;

namespace MlOpsPortal.Audit.Notifications;

internal static class InboxServices
{
    public static IServiceCollection AddInbox(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new InboxDesk(
                provider.GetRequiredService<ITenantDb<AuditDbContext>>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<IMailer>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<Teller>()
            .AddSingleton<NotificationRelay>()
            .AddSingleton<IWorkSource, InboxWork>();
}
