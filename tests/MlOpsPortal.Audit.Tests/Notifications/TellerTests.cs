using System.Collections.Immutable;
using MlOpsPortal.Audit.Notifications;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Audit.Tests.Notifications;

/// <summary>Whom a notice reaches, and what goes out as a mail.</summary>
public sealed class TellerTests
{
    private static readonly Permission Decide = new("tests.decide", Role.RiskManager);
    private static readonly Addressee Manager = Person(Role.RiskManager), Scientist = Person(Role.DataScientist), Administrator = Person(Role.RiskManager) with { IsMember = false };
    private static readonly ImmutableArray<Addressee> Everybody = [Manager, Scientist, Administrator];

    [Fact]
    public void Holders_are_members_with_the_permission() => Told(Audience.Holding(Decide)).ShouldBe([Manager.Id]);

    [Fact]
    public void Named_people_are_told_as_far_as_they_see_it() => Told(Audience.Of(Scientist.Id, new UserId(Guid.CreateVersion7()))).ShouldBe([Scientist.Id]);

    [Fact]
    public void Nobody_is_told_of_her_own_doing() => Told(Audience.Holding(Decide), actor: Manager.Id).ShouldBeEmpty();

    [Fact]
    public void Unless_she_waits_for_it() =>
        Teller.Whom(Notice(Audience.Of(Manager.Id)) with { ActorToo = true }, Everybody, Manager.Id).Select(person => person.Id).ShouldBe([Manager.Id]);

    [Fact]
    public void Mails_follow_the_wish()
    {
        Teller.Wants(MailWish.Everything, Notice(Audience.Holding(Decide))).ShouldBeTrue();
        Teller.Wants(MailWish.Mentions, Notice(Audience.Holding(Decide))).ShouldBeFalse();
        Teller.Wants(MailWish.Mentions, Notice(Audience.Of(Manager.Id))).ShouldBeTrue();
        Teller.Wants(MailWish.Nothing, Notice(Audience.Of(Manager.Id))).ShouldBeFalse();
    }

    private static IEnumerable<UserId> Told(Audience audience, UserId actor = default) => Teller.Whom(Notice(audience), Everybody, actor).Select(person => person.Id);

    private static Notice Notice(Audience audience) => new(audience, "task", "Something", null, "/projects");

    private static Addressee Person(Role role) => new(new UserId(Guid.CreateVersion7()), role.ToString(), $"{role}@example.org", [role], IsMember: true);
}
