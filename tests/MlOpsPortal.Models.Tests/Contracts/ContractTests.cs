using System.Collections.Immutable;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Tests.Contracts;

public sealed class ContractTests
{
    [Fact]
    public void A_confirmed_contract_makes_the_version_ready_and_names_who_stands_for_it()
    {
        var version = Given.Ready().Versions[0];

        version.State.ShouldBe(VersionState.Ready);
        version.Contract.ShouldNotBeNull().By.Name.ShouldBe("Ada");
        version.Contract.Sha256.ShouldBe(Given.Contract.Hash());
    }

    [Fact]
    public void Equal_contracts_have_equal_hashes_and_another_order_of_features_has_another() =>
        (Given.Contract with { Features = [.. Given.Contract.Features.Reverse()] }).Hash().ShouldNotBe(Given.Contract.Hash());

    [Fact]
    public void Confirming_a_contract_starts_the_receipt_when_the_librarys_predictions_are_there()
    {
        var model = Given.Admitted(withPredictions: true);
        var change = model.By(Given.Ada, new ConfirmContract(model.Versions[0].Id, Given.Contract)).Required();

        change.Rows.OfType<JobRow>().ShouldHaveSingleItem().Kind.ShouldBe(ModelJobs.ReceiptKind);
        change.State.Versions[0].Fidelity.ShouldNotBeNull().ContractSha256.ShouldBe(Given.Contract.Hash());
    }

    public static TheoryData<string, Func<ModelContract, ModelContract>> Wrong() => new()
    {
        { "features[1].name", contract => contract with { Features = contract.Features.SetItem(1, contract.Features[1] with { Name = "age" }) } },
        { "features[0].name", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Name = "bought" }) } },
        { "features[0].name", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Name = "" }) } },
        { "features[0].input", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Input = "x" }) } },
        { "features[0].position", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Position = 2 }) } },
        { "features[0].type", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Type = FeatureType.Text }) } },
        { "features", contract => contract with { Features = contract.Features.RemoveAt(0) } },
        { "features", contract => contract with { Features = [] } },
        { "features", contract => contract with { Features = contract.Features.SetItem(0, contract.Features[0] with { Position = 1 }) } },
        { "output.name", contract => contract with { Output = new ContractOutput("nothing", 0, null) } },
        { "output.column", contract => contract with { Output = contract.Output with { Column = 2 } } },
        { "output.key", contract => contract with { Output = contract.Output with { Key = "1" } } },
        { "positiveClass", contract => contract with { PositiveClass = null } },
        { "threshold", contract => contract with { Threshold = 1.5 } },
        { "threshold", contract => contract with { Threshold = null } },
        { "task", contract => contract with { Task = MlTask.Regression } },
        { "target", contract => contract with { Target = "" } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_contract_that_does_not_fit_its_file_names_the_field(string field, Func<ModelContract, ModelContract> change) =>
        ContractCheck.Check(Given.Signature, change(Given.Contract), MlTask.Binary).ShouldNotBeNull().Fields.Select(fault => fault.Field).ShouldContain(field);

    [Fact]
    public void Only_inputs_of_floating_point_can_be_null()
    {
        var signature = Given.Signature with { Inputs = [new ModelValue("input", OnnxValueKind.Tensor, OnnxElementType.Int64, [-1, 2], 2, [])] };
        var contract = Given.Contract with { Features = [.. Given.Contract.Features.Select(feature => feature with { Type = FeatureType.Integer })] };

        ContractCheck.Check(signature, contract, MlTask.Binary).ShouldNotBeNull().Fields.ShouldHaveSingleItem().Field.ShouldBe("features[0].nullable");
    }

    [Theory]
    [InlineData("breast_cancer", "logistic", 30, "target", "models.remark_order")]
    [InlineData("breast_cancer", "random_forest", 30, "target", "models.remark_order")]
    [InlineData("adult", "lightgbm", 13, "income_over_50k", null)]
    [InlineData("german_credit", "logistic", 21, "bad", null)]
    [InlineData("diabetes", "ridge", 10, "target", "models.remark_order")]
    [InlineData("bike", "poisson", 11, "cnt", "models.remark_order")]
    [InlineData("retail/response_model", "logistic", 11, "visited_within_14_days", null)]
    public void A_proposal_from_file_and_dataset_only_needs_a_confirmation(string folder, string model, int features, string target, string? remark)
    {
        var sample = new Sample(folder, model);
        using var child = new TestChild();
        var signature = child.Admit(sample.ModelFile).Required();

        var proposal = ContractProposer.Propose(signature, sample.Task, sample.Columns(), target);

        ContractCheck.Check(signature, proposal.Contract, sample.Task).ShouldBeNull();
        proposal.Contract.Features.Length.ShouldBe(features);
        proposal.Contract.Target.ShouldBe(target);
        if (remark is null)
            proposal.Remarks.ShouldBeEmpty();
        else
            proposal.Remarks.Select(found => found.Code).ShouldContain(remark);
    }

    [Fact]
    public void A_column_with_missing_values_becomes_nullable_where_the_input_can_hold_it()
    {
        var sample = new Sample("retail/response_model", "logistic");
        using var child = new TestChild();
        var signature = child.Admit(sample.ModelFile).Required();

        var proposal = ContractProposer.Propose(signature, sample.Task, sample.Columns(), sample.Target);

        proposal.Contract.Features.Where(feature => feature.Nullable).Select(feature => feature.Name).ShouldBe(["age"]);
    }

    [Fact]
    public void A_proposal_without_a_dataset_leaves_open_what_only_data_could_tell()
    {
        var proposal = ContractProposer.Propose(Given.Signature, MlTask.Binary, ImmutableArray<SchemaColumn>.Empty, null);

        proposal.Contract.Target.ShouldBeEmpty();
        ContractCheck.Check(Given.Signature, proposal.Contract, MlTask.Binary).ShouldNotBeNull();
        proposal.Remarks.Select(remark => remark.Code).ShouldContain("models.remark_width");
    }

    public static TheoryData<string, Func<ModelContract, ModelContract>> WrongClasses() => new()
    {
        { "classes", contract => contract with { Classes = null } },
        { "classes", contract => contract with { Classes = ["a"] } },
        { "classes", contract => contract with { Classes = ["a", "a"] } },
        { "classes", contract => contract with { Classes = ["a", "b", "c"] } },
        { "positiveClass", contract => contract with { PositiveClass = "a" } },
        { "threshold", contract => contract with { Threshold = 0.5 } },
    };

    [Theory]
    [MemberData(nameof(WrongClasses), DisableDiscoveryEnumeration = true)]
    public void A_contract_of_several_classes_names_each_once_in_the_order_of_the_output(string field, Func<ModelContract, ModelContract> change)
    {
        var contract = Given.Contract with { Task = MlTask.Multiclass, PositiveClass = null, Threshold = null, Output = new ContractOutput("probabilities", 0, null), Classes = ["a", "b"] };

        ContractCheck.Check(Given.Signature, contract, MlTask.Multiclass).ShouldBeNull();
        ContractCheck.Check(Given.Signature, change(contract), MlTask.Multiclass).ShouldNotBeNull().Fields.Select(fault => fault.Field).ShouldContain(field);
    }

    [Fact]
    public void A_binary_contract_lists_no_classes_and_keeps_the_hash_it_always_had()
    {
        System.Text.Json.JsonSerializer.Serialize(Given.Contract, MlOpsPortal.Platform.Json.PortalJson.Options).ShouldNotContain("classes");
        ContractCheck.Check(Given.Signature, Given.Contract with { Classes = ["0", "1"] }, MlTask.Binary).ShouldNotBeNull().Fields.ShouldHaveSingleItem().Field.ShouldBe("classes");
    }
}
