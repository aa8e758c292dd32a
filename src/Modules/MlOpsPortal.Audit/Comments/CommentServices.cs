using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Subjects;

namespace MlOpsPortal.Audit.Comments;

internal static class CommentServices
{
    public static IServiceCollection AddComments(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new CommentDesk(
                provider.GetRequiredService<ITenantDb<AuditDbContext>>(), provider.GetServices<ISubjectSource>(), provider.GetRequiredService<IPeople>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<INotificationRule, CommentRule>()
            .AddSingleton(RefusalTextSource.Of(typeof(CommentDesk)));
}
