using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Admission;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Tests.Registry;

public sealed class AliasTests
{
    [Fact]
    public void An_alias_moves_from_one_version_to_another_and_remembers_who_moved_it()
    {
        var first = Given.Ready();
        var second = first.After(Given.NewVersion());
        second = second.After(new RecordAdmission(second.Versions[1].Id, Given.Signature, null));
        second = second.After(new ConfirmContract(second.Versions[1].Id, Given.Contract));

        var model = second.After(new SetAlias(SetAlias.Champion, second.Versions[0].Id)).After(new SetAlias(SetAlias.Champion, second.Versions[1].Id));

        model.AliasTarget(SetAlias.Champion).ShouldNotBeNull().Number.ShouldBe(2);
        model.Aliases.ShouldHaveSingleItem();
        model.AliasHistory[0].From.ShouldBe(1);
        model.AliasHistory[0].To.ShouldBe(2);
        model.AliasHistory[0].By.Name.ShouldBe("Ada");
    }

    [Fact]
    public void A_version_that_is_not_ready_gets_no_alias()
    {
        var model = Given.Admitted();

        model.By(Given.Ada, new SetAlias("champion", model.Versions[0].Id)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("models.not_ready");
    }

    [Theory]
    [InlineData("Champion")]
    [InlineData("")]
    [InlineData("v3")]
    [InlineData("3")]
    [InlineData("a b")]
    [InlineData("../etc")]
    public void An_alias_that_is_no_plain_word_is_refused(string alias)
    {
        var model = Given.Ready();

        model.By(Given.Ada, new SetAlias(alias, model.Versions[0].Id)).Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("models.alias_name");
    }

    [Fact]
    public void Setting_an_alias_where_it_is_changes_nothing()
    {
        var model = Given.Ready();
        var set = model.After(new SetAlias("champion", model.Versions[0].Id));

        set.By(Given.Ada, new SetAlias("champion", model.Versions[0].Id)).Required().Events.ShouldBeEmpty();
    }
}
