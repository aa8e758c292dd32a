using MlOpsPortal.Models.Admission;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Models.Tests.Registry;

public sealed class VersionTests
{
    [Fact]
    public void An_uploaded_version_is_admitting_and_brings_its_blob_and_its_job()
    {
        var change = Given.Empty().By(Given.Ada, Given.NewVersion()).Required();

        change.State.Versions[0].State.ShouldBe(VersionState.Admitting);
        change.State.Versions[0].Number.ShouldBe(1);
        change.Rows.OfType<BlobRow>().ShouldHaveSingleItem().Id.ShouldBe(change.State.Versions[0].File.ShouldNotBeNull().Blob);
        var job = change.Rows.OfType<JobRow>().ShouldHaveSingleItem();
        job.Kind.ShouldBe(ModelJobs.AdmitKind);
        job.Id.ShouldBe(change.State.Versions[0].AdmissionJob.ShouldNotBeNull());
        change.Events.ShouldHaveSingleItem().ShouldBeOfType<VersionUploaded>();
    }

    [Fact]
    public void Versions_are_numbered_in_the_order_of_their_upload() =>
        Given.Empty().After(Given.NewVersion()).After(Given.NewVersion()).Versions.Select(version => version.Number).ShouldBe([1, 2]);

    [Fact]
    public void A_refused_file_keeps_its_reason_and_takes_no_contract()
    {
        var model = Given.Uploaded();
        var refused = model.After(new RecordAdmission(model.Versions[0].Id, null, ModelsErrors.Unprocessable("onnx.is_pickle", "file", "a pickle")));

        refused.Versions[0].State.ShouldBe(VersionState.Refused);
        refused.Versions[0].RefusedFor.ShouldNotBeNull().Code.ShouldBe("onnx.is_pickle");
        refused.By(Given.Ada, new ConfirmContract(model.Versions[0].Id, Given.Contract)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.version_move");
    }

    [Fact]
    public void A_verdict_that_is_heard_twice_changes_nothing()
    {
        var model = Given.Admitted();
        var again = model.By(Given.Ada, new RecordAdmission(model.Versions[0].Id, null, ModelsErrors.AdmissionFailed())).Required();

        again.Events.ShouldBeEmpty();
        again.State.Versions[0].State.ShouldBe(VersionState.ContractNeeded);
    }

    [Theory]
    [InlineData(VersionState.Admitting, VersionMove.ConfirmContract)]
    [InlineData(VersionState.Refused, VersionMove.Admit)]
    [InlineData(VersionState.Refused, VersionMove.ConfirmContract)]
    [InlineData(VersionState.ContractNeeded, VersionMove.Refuse)]
    [InlineData(VersionState.Ready, VersionMove.Refuse)]
    [InlineData(VersionState.Ready, VersionMove.Admit)]
    public void What_the_lifecycle_does_not_list_is_refused(VersionState from, VersionMove move) =>
        VersionLifecycle.Next(from, move).Refusal.ShouldBeOfType<Conflict>().Args.Length.ShouldBe(2);

    [Fact]
    public void An_archived_model_takes_no_version()
    {
        var archived = Given.Empty().After(new ArchiveModel("replaced"));

        archived.By(Given.Ada, Given.NewVersion()).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.archived");
    }

    [Fact]
    public void A_command_on_a_version_that_is_not_there_finds_nothing() =>
        Given.Ready().By(Given.Ada, new SetAlias("champion", new ModelVersionId(Guid.CreateVersion7()))).Refusal.ShouldBeOfType<NotFound>();
}
