using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Tests.Approvals;

public sealed class ReleaseTests
{
    [Fact]
    public void Another_person_approves_and_the_record_holds_who_when_why_and_on_which_evidence()
    {
        var model = Given.Ready();
        var request = Requested(model);

        var approved = request.By(Given.Bo, new ApproveRelease("looks right", VersionState.Ready, Given.Evidence(model))).Required();

        approved.State.State.ShouldBe(ReleaseState.Approved);
        approved.State.Decision.ShouldNotBeNull().By.Name.ShouldBe("Bo");
        approved.State.Decision.At.ShouldBe(Given.Now);
        approved.State.Decision.Comment.ShouldBe("looks right");
        approved.State.Decision.EvidenceSha256.Length.ShouldBe(64);
        approved.Events.ShouldHaveSingleItem().ShouldBeOfType<ReleaseApproved>();
    }

    [Fact]
    public void Nobody_decides_about_her_own_request()
    {
        var model = Given.Ready();
        var request = Requested(model);

        request.By(Given.Ada, new ApproveRelease("me", VersionState.Ready, Given.Evidence(model))).Refusal.ShouldBeOfType<Forbidden>().Code.ShouldBe("models.own_request");
        request.By(Given.Ada, new RejectRelease("me")).Refusal.ShouldBeOfType<Forbidden>();
    }

    [Fact]
    public void A_decision_needs_a_comment() =>
        Requested(Given.Ready()).By(Given.Bo, new RejectRelease(" ")).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Field.ShouldBe("comment");

    [Fact]
    public void A_decided_request_is_not_decided_again()
    {
        var rejected = Requested(Given.Ready()).By(Given.Bo, new RejectRelease("not yet")).Required().State;

        rejected.By(Given.Bo, new ApproveRelease("after all", VersionState.Ready, rejected.Evidence)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.release_move");
        rejected.By(Given.Ada, new WithdrawRelease("never mind")).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.release_move");
    }

    [Fact]
    public void An_approval_counts_only_for_the_contract_that_was_shown()
    {
        var model = Given.Ready();
        var other = Given.Evidence(model) with { ContractSha256 = "other" };

        Requested(model).By(Given.Bo, new ApproveRelease("yes", VersionState.Ready, other)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.evidence_changed");
    }

    [Fact]
    public void Without_an_evaluation_there_is_no_request()
    {
        var model = Given.Ready();

        Request(model, ReleaseEvidence.Of(model.Versions[0], [])).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Code.ShouldBe("models.evidence_no_evaluation");
    }

    [Theory]
    [InlineData(FidelityVerdict.NotReleasable, "models.evidence_receipt_refused")]
    [InlineData(null, "models.evidence_no_receipt")]
    [InlineData(FidelityVerdict.Warning, null)]
    [InlineData(FidelityVerdict.Pass, null)]
    public void A_receipt_that_refuses_or_is_missing_stops_a_release(FidelityVerdict? verdict, string? code)
    {
        var model = Given.Ready();
        var evidence = Given.Evidence(model) with { Fidelity = new FidelityEvidence("bb", verdict, 9769, 0.621, 0.69) };

        (Request(model, evidence).Refusal as Validation)?.Fields.ShouldHaveSingleItem().Code.ShouldBe(code);
        Request(model, evidence).IsOk.ShouldBe(code is null);
    }

    [Fact]
    public void A_sandbox_needs_no_request()
    {
        var model = Given.Ready();

        Request(model, Given.Evidence(model), ReleaseEnvironment.Sandbox).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.sandbox_needs_none");
    }

    private static ReleaseRequest Requested(Model model) => Request(model, Given.Evidence(model)).Required();

    private static Result<ReleaseRequest> Request(Model model, ReleaseEvidence evidence, ReleaseEnvironment environment = ReleaseEnvironment.Production)
    {
        var version = model.Versions[0];
        ReleaseRequest? none = null;
        return none.By(Given.Ada, new RequestRelease(
            new ReleaseRequestId(Guid.CreateVersion7()), model.Project, model.Id, model.Name, version.Id, version.Number, version.State, environment, "beats the champion", evidence))
            .Map(change => change.State);
    }
}
