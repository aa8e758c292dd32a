using MlOpsPortal.Audit.Comments;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Web.Demo;

/// <summary>What the people of the demo say to each other, once.</summary>
internal sealed class RetailTalk(CommentDesk comments, ProjectDesk projects)
{
    public async Task TalkAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, CancellationToken cancellationToken)
    {
        var (owner, scientist, engineer) = (people[Role.BusinessOwner], people[Role.DataScientist], people[Role.MlOpsEngineer]);
        var kpi = (await projects.GetAsync(owner, project, cancellationToken)).Required().State.Kpis[0].Id.ToString();
        await SayAsync(scientist, "kpi", kpi, $"The last fortnight is not in it yet: its outcomes are not known. @{owner.Name}, is that what the store managers expect?");
        await SayAsync(engineer, "project", project.ToString(), $"The endpoint answers well under its budget. @{scientist.Name}, the next version can go the same way.");

        async Task SayAsync(Caller who, string kind, string subject, string text)
        {
            var said = (await comments.ListAsync(who, project.Scope, kind, subject, PageRequest.Of(1, null), cancellationToken)).Required();
            if (said.Items.IsEmpty)
                (await comments.PostAsync(who, project.Scope, new NewComment(kind, subject, text), cancellationToken)).Required();
        }
    }
}
