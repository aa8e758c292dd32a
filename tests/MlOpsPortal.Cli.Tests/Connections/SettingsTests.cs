using System.Net;

namespace MlOpsPortal.Cli.Connections;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("https://portal.example.com/t/acme/", "https://portal.example.com/t/acme/api/x", "https://portal.example.com/api/x")]
    [InlineData("http://localhost:5080", "http://localhost:5080/api/x", "http://localhost:5080/api/x")]
    public void The_tenant_in_an_address_is_for_MLflows_routes_alone(string given, string mlflow, string portal)
    {
        Address.Parse(given, "It").Of("api/x").AbsoluteUri.ShouldBe(mlflow);
        Address.Parse(given, "It").WithoutTenant.Of("api/x").AbsoluteUri.ShouldBe(portal);
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("ftp://host")]
    [InlineData("sqlite:///mlflow.db")]
    [InlineData("http://name:secret@host")]
    [InlineData("http://host/?a=b")]
    public void What_is_no_address_is_refused(string given) => Should.Throw<CliFailure>(() => Address.Parse(given, "It"));

    [Fact]
    public void Credentials_are_read_as_MLflows_client_reads_them()
    {
        Credentials.Mlflow(_ => null).ShouldBeNull();
        Credentials.Mlflow(Of(("MLFLOW_TRACKING_TOKEN", "t"))).ShouldNotBeNull().Scheme.ShouldBe("Bearer");
        Credentials.Mlflow(Of(("MLFLOW_TRACKING_TOKEN", "t"), ("MLFLOW_TRACKING_USERNAME", "a"), ("MLFLOW_TRACKING_PASSWORD", "b"))).ShouldNotBeNull().ToString().ShouldBe("Basic YTpi");
        Should.Throw<CliFailure>(() => Credentials.PortalToken(_ => " ")).Message.ShouldContain("MLOPS_TOKEN");
        Should.Throw<CliFailure>(() => Credentials.PortalToken(_ => "two\nlines")).Message.ShouldContain("copied whole");
        Should.Throw<CliFailure>(() => Credentials.Portal(_ => null)).Message.ShouldContain("MLOPS_URL");
    }

    [Fact]
    public void Pauses_grow_to_an_end_and_a_server_may_ask_for_longer_ones()
    {
        var usual = new BackOff(8, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

        usual.Pause(1, asked: null, luck: 1).ShouldBe(TimeSpan.FromSeconds(1));
        usual.Pause(3, asked: null, luck: 1).ShouldBe(TimeSpan.FromSeconds(4));
        usual.Pause(7, asked: null, luck: 1).ShouldBe(TimeSpan.FromSeconds(10));
        usual.Pause(1, asked: TimeSpan.FromSeconds(15), luck: 0).ShouldBe(TimeSpan.FromSeconds(15));
        usual.Pause(1, asked: TimeSpan.FromHours(1), luck: 0).ShouldBe(TimeSpan.FromSeconds(20));
        usual.Again(3, HttpStatusCode.InternalServerError).ShouldBeFalse("MLflow answers 500 to mistakes");
        usual.Again(3, HttpStatusCode.ServiceUnavailable).ShouldBeTrue();
        usual.Again(1, HttpStatusCode.BadRequest).ShouldBeFalse();
    }

    private static Func<string, string?> Of(params (string Name, string Value)[] values) => name => values.FirstOrDefault(value => value.Name == name).Value;
}
