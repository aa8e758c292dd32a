using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Platform.Errors;
using ReleaseLifecycle = MlOpsPortal.Deployments.Releases.ReleaseLifecycle;
using ReleaseMove = MlOpsPortal.Deployments.Releases.ReleaseMove;
using ReleaseState = MlOpsPortal.Deployments.Releases.ReleaseState;

namespace MlOpsPortal.Deployments.Tests.Releases;

public sealed class DeploymentDecisionTests
{
    [Theory]
    [InlineData("offers-prod")]
    [InlineData("a")]
    [InlineData("1-2")]
    public void A_name_that_can_stand_in_an_address_is_taken(string name) =>
        new CreateDeployment(default, TestModel.Project, name, ReleaseEnvironment.Sandbox, default, null, null).Decide(null, Given.Facts).IsOk.ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("Offers")]
    [InlineData("-offers")]
    [InlineData("offers-")]
    [InlineData("of fers")]
    [InlineData("öffers")]
    [InlineData("../x")]
    [InlineData("a\n")]
    public void Any_other_name_is_refused(string name) =>
        new CreateDeployment(default, TestModel.Project, name, ReleaseEnvironment.Sandbox, default, null, null).Decide(null, Given.Facts).Refusal.Codes().ShouldAllBe(code => code.StartsWith("name: "));

    [Fact]
    public void A_name_of_64_characters_is_too_long() =>
        new CreateDeployment(default, TestModel.Project, new string('a', 64), ReleaseEnvironment.Sandbox, default, null, null).Decide(null, Given.Facts).Refusal.Codes().ShouldBe(["name: too_long"]);

    [Fact]
    public void A_release_is_loading_first_and_the_one_before_stays_live()
    {
        var (one, two) = (Given.Version(1), Given.Version(2));
        var deployment = Given.Deployment().Live(one).Do(Given.Release(two));

        deployment.Live!.Version.ShouldBe(one);
        deployment.Loading!.Version.ShouldBe(two);
        deployment.Releases.Select(release => release.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_release_that_goes_live_replaces_the_one_before()
    {
        var deployment = Given.Deployment().Live(Given.Version(1)).Live(Given.Version(2));

        deployment.Live!.Version.Number.ShouldBe(2);
        deployment.Previous!.Version.Number.ShouldBe(1);
        deployment.Releases[0].State.ShouldBe(ReleaseState.Replaced);
        deployment.Releases[0].EndedAt.ShouldBe(Given.Facts.Now);
    }

    [Fact]
    public void A_version_that_the_portal_does_not_run_is_live_at_once_and_replaces_the_one_before()
    {
        var elsewhere = Given.Version(2) with { File = null, NotRun = true };
        var deployment = Given.Deployment().Live(Given.Version(1)).Do(Given.Release(elsewhere));

        deployment.Live!.Version.ShouldBe(elsewhere);
        deployment.Loading.ShouldBeNull();
        deployment.Releases[0].State.ShouldBe(ReleaseState.Replaced);
    }

    [Fact]
    public void A_release_that_fails_keeps_its_reason_and_the_old_one_live()
    {
        var deployment = Given.Deployment().Live(Given.Version(1)).Do(Given.Release(Given.Version(2)));
        var failed = deployment.Do(new FailRelease(deployment.Loading!.Id, DeploymentsErrors.LoadFailed("no model")));

        failed.Live!.Version.Number.ShouldBe(1);
        failed.Loading.ShouldBeNull();
        failed.Releases[1].State.ShouldBe(ReleaseState.Failed);
        failed.Releases[1].Failure!.Args.ShouldBe(["no model"]);
        failed.Previous.ShouldBeNull();
    }

    [Fact]
    public void One_release_loads_at_a_time()
    {
        var deployment = Given.Deployment().Do(Given.Release(Given.Version(1)));
        Given.Release(Given.Version(2)).Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["deployments.release_loading"]);
    }

    [Fact]
    public void What_is_live_is_not_released_again_and_other_models_never()
    {
        var version = Given.Version(1);
        var deployment = Given.Deployment().Live(version);
        Given.Release(version).Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["deployments.already_live"]);
        Given.Release(version with { Model = new(Guid.CreateVersion7()) }).Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["deployments.other_model"]);
    }

    [Fact]
    public void Production_takes_only_what_another_person_approved_as_it_is()
    {
        var version = Given.Version(1);
        var deployment = Given.Deployment(ReleaseEnvironment.Production);
        var good = Given.Approval(version);

        foreach (var approval in new[]
        {
            null, Given.Approval(version, ownRequest: true), good with { FileSha256 = "other" }, good with { ContractSha256 = "other" },
            good with { Version = new(Guid.CreateVersion7()) }, good with { Environment = ReleaseEnvironment.Sandbox },
        })
            Given.Release(version, approval).Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["deployments.needs_approval"]);
        deployment.Live(version, good).Live!.Approval!.ApprovedBy.Name.ShouldBe("Rita");
    }

    [Fact]
    public void Rolling_back_releases_the_version_before_and_rolling_back_again_returns()
    {
        var deployment = Given.Deployment().Live(Given.Version(1)).Live(Given.Version(2));
        var back = deployment.Do(new RollBack(new(Guid.CreateVersion7()), "worse"));
        back = back.Do(new GoLive(back.Loading!.Id));
        back.Live!.Version.Number.ShouldBe(1);
        back.Live.Cause.ShouldBe(ReleaseCause.RolledBack);
        back.Previous!.Version.Number.ShouldBe(2);

        new RollBack(default, "no").Decide(Given.Deployment().Live(Given.Version(1)), Given.Facts).Refusal.Codes().ShouldBe(["deployments.no_way_back"]);
    }

    [Fact]
    public void The_off_switch_needs_a_reason_and_a_fallback_that_can_be_an_answer()
    {
        var deployment = Given.Deployment().Live(ServableBinary());
        new SwitchOff("").Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["reason: required"]);
        new SwitchOff("why", 1.5).Decide(deployment, Given.Facts).Refusal.Codes().ShouldBe(["fallback: deployments.fallback_probability"]);
        new SwitchOff("why", double.NaN).Decide(deployment, Given.Facts).Refusal.Codes().ShouldContain("fallback: deployments.fallback_finite");
        var off = deployment.Do(new SwitchOff("drift", 0.25));
        off.Off!.Fallback.ShouldBe(0.25);
        new SwitchOff("again").Decide(off, Given.Facts).Refusal.Codes().ShouldBe(["deployments.already_off"]);
        var on = off.Do(new SwitchOn());
        on.Off.ShouldBeNull();
        on.OffRehearsedAt.ShouldBe(Given.Facts.Now);
        new SwitchOn().Decide(on, Given.Facts).Refusal.Codes().ShouldBe(["deployments.not_off"]);

        static ServableVersion ServableBinary()
        {
            var version = Given.Version(1);
            return version with { Contract = version.Contract with { Task = Projects.Problem.MlTask.Binary, PositiveClass = "1", Threshold = 0.5 } };
        }
    }

    [Fact]
    public void What_is_archived_changes_no_more()
    {
        var archived = Given.Deployment().Live(Given.Version(1)).Do(new ArchiveDeployment("done"));
        foreach (var command in new DeploymentCommand[] { Given.Release(Given.Version(2)), new RollBack(default, "x"), new SwitchOff("x"), new ArchiveDeployment("x") })
            command.Decide(archived, Given.Facts).Refusal.Codes().ShouldBe(["deployments.archived"]);
    }

    [Theory]
    [InlineData(ReleaseState.Live, ReleaseMove.Fail)]
    [InlineData(ReleaseState.Failed, ReleaseMove.GoLive)]
    [InlineData(ReleaseState.Replaced, ReleaseMove.GoLive)]
    [InlineData(ReleaseState.Loading, ReleaseMove.Replace)]
    public void The_lifecycle_has_no_other_moves(ReleaseState from, ReleaseMove move) => ReleaseLifecycle.Next(from, move).Refusal.ShouldBeOfType<Conflict>();

    [Fact]
    public void A_document_reads_back_as_it_was_written()
    {
        var version = Given.Version(2);
        var deployment = Given.Deployment(ReleaseEnvironment.Production).Live(version, Given.Approval(version)).Do(new SwitchOff("why", 3.5));
        var definition = new DeploymentDefinition();
        definition.Write(definition.Read(definition.Write(deployment))).ShouldBe(definition.Write(deployment));
    }

    [Fact]
    public void History_keeps_a_hundred_releases_and_never_drops_the_live_one()
    {
        var deployment = Given.Deployment().Live(Given.Version(1));
        for (var i = 0; i < 120; i++)
        {
            deployment = deployment.Do(Given.Release(Given.Version(2)));
            deployment = deployment.Do(new FailRelease(deployment.Loading!.Id, DeploymentsErrors.LoadFailed("x")));
        }

        deployment.Releases.Length.ShouldBe(ReleaseHistory.Kept);
        deployment.Live!.Number.ShouldBe(1);
        deployment.Releases[^1].Number.ShouldBe(121);
    }

    [Fact]
    public void The_gate_asks_for_a_live_approved_endpoint_with_a_way_back()
    {
        DeploymentGate.Check(TestModel.Project, []).ShouldAllBe(check => !check.Met);
        var version = Given.Version(1);
        var production = Given.Deployment(ReleaseEnvironment.Production).Live(version, Given.Approval(version));
        DeploymentGate.Check(TestModel.Project, [production]).Where(check => !check.Met).Select(check => check.Code).ShouldBe(["gate.way_back"]);
        production = production.Do(new SwitchOff("rehearsal")).Do(new SwitchOn());
        DeploymentGate.Check(TestModel.Project, [production]).ShouldAllBe(check => check.Met);
    }
}
