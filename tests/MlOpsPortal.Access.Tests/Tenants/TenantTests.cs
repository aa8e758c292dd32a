using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Access.Tests.Tenants;

/// <summary>Attack 54: look-alikes, reserved words, path signs and endless names are no names of tenants.</summary>
public sealed class TenantTests
{
    [Theory]
    [InlineData("admin")]
    [InlineData("api")]
    [InlineData("..")]
    [InlineData("a")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("acme-")]
    [InlineData("ac--me")]
    [InlineData("аcme")] // the first letter is Cyrillic
    [InlineData("acme\n")]
    [InlineData("acme/x")]
    [InlineData("1acme")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmno")]
    public void A_slug_outside_the_list_of_what_is_allowed_is_refused(string slug) =>
        TenantSlug.Check("Acme", slug).ShouldNotBeNull().Fields.Single().Field.ShouldBe("slug");

    [Theory]
    [InlineData("acme")]
    [InlineData("acme-2")]
    [InlineData("ab")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmn")]
    public void A_plain_slug_is_accepted(string slug) => TenantSlug.Check("Acme", slug).ShouldBeNull();

    [Fact]
    public void A_name_is_neither_empty_nor_endless()
    {
        TenantSlug.Check(" ", "acme").ShouldNotBeNull();
        TenantSlug.Check(new string('a', 300), "acme").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_bootstrap_works_once_and_the_first_administrator_signs_in()
    {
        await using var portal = await TestAccess.StartAsync();
        async Task<Result<BootstrapDone>> RunAsync(string slug, string password) =>
            await AccessModule.BootstrapAsync(portal.Services, "Acme", slug, "root@acme.example", "Root", password);
        (await RunAsync("acme", "short")).Refusal.ShouldBeOfType<Validation>().Fields.Single().Field.ShouldBe("password");
        (await RunAsync("admin", TestAccess.Password)).Refusal.ShouldBeOfType<Validation>();
        var answers = await Task.WhenAll(RunAsync("acme", TestAccess.Password), RunAsync("other", TestAccess.Password));
        answers.Count(answer => answer.IsOk).ShouldBe(1);
        (await RunAsync("third", TestAccess.Password)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("access.already_bootstrapped");
        (await portal.SignInAsync("root@acme.example", TestAccess.Password)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        (await portal.SqlAsync("SELECT count(*) FROM access.tenants")).ShouldBe(1L);
        (await portal.SqlAsync("SELECT roles::text FROM access.memberships")).ShouldBe("{TenantAdministrator}");
    }

    [Fact]
    public async Task A_bootstrap_that_was_cut_off_before_the_membership_may_be_repeated()
    {
        await using var portal = await TestAccess.StartAsync();
        (await AccessModule.BootstrapAsync(portal.Services, "Acme", "acme", "root@acme.example", "Root", "the first password")).Required();
        await portal.SqlAsync("DELETE FROM access.memberships");
        (await AccessModule.BootstrapAsync(portal.Services, "Acme", "acme", "root@acme.example", "Root", TestAccess.Password)).Required();
        (await portal.SignInAsync("root@acme.example", "the first password")).Status.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await portal.SignInAsync("root@acme.example", TestAccess.Password)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slug_belongs_to_one_tenant()
    {
        await using var portal = await TestAccess.StartAsync();
        await portal.TenantAsync("acme");
        (await portal.Get<TenantDesk>().CreateAsync("Other", "acme", default)).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("access.tenant_slug_taken");
    }
}
