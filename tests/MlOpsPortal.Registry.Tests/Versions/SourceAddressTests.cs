namespace MlOpsPortal.Registry.Versions;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("/abs")]
    [InlineData("C:/x")]
    [InlineData("C:\\x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/model")]
    [InlineData("dbfs:/x")]
    [InlineData("//host/x")]
    [InlineData("http://host/x")]
    [InlineData("relative/path")]
    [InlineData("")]
    public void Another_store_a_host_or_a_file_is_foreign(string source) => SourceAddress.Of(source).ShouldBeOfType<SourceAddress.Foreign>();

    [Theory]
    [InlineData("mlflow-artifacts:/ok#/../../etc")]
    [InlineData("mlflow-artifacts:/ok?x")]
    [InlineData("mlflow-artifacts:/ok;p")]
    [InlineData("mlflow-artifacts:/0/../../etc")]
    [InlineData("mlflow-artifacts:/0/%2e%2e/etc")]
    [InlineData("mlflow-artifacts:/0/%252e%252e%252fetc")]
    [InlineData("mlflow-artifacts:/0/..%5cetc")]
    [InlineData("mlflow-artifacts:/0/..;/etc")]
    [InlineData("mlflow-artifacts:/0/%00")]
    [InlineData("mlflow-artifacts:/0/a\nb")]
    [InlineData("mlflow-artifacts://host/0/a")]
    [InlineData("runs://host/0/a")]
    [InlineData("runs:/0")]
    [InlineData("runs:/0/")]
    [InlineData("runs:/0/../a")]
    [InlineData("models://host/a/1")]
    [InlineData("models:/a/b")]
    [InlineData("models:/a/1/2")]
    [InlineData("models:/")]
    public void What_hides_its_path_is_malformed(string source) => SourceAddress.Of(source).ShouldBeOfType<SourceAddress.Malformed>();

    [Fact]
    public void What_this_portal_holds_is_named()
    {
        SourceAddress.Of("models:/m-0123").ShouldBe(new SourceAddress.LoggedModel("m-0123"));
        SourceAddress.Of("models:/churn/3").ShouldBe(new SourceAddress.RegisteredVersion("churn", 3, null));
        SourceAddress.Of("models:/churn/latest").ShouldBe(new SourceAddress.RegisteredVersion("churn", null, null));
        SourceAddress.Of("models:/churn@champion").ShouldBe(new SourceAddress.RegisteredVersion("churn", null, "champion"));
        SourceAddress.Of("runs:/abc/my model/").ShouldBe(new SourceAddress.RunPath("abc", "my model"));
        SourceAddress.Of("mlflow-artifacts:/0/abc/artifacts/m").ShouldBe(new SourceAddress.Artifacts("mlflow-artifacts:/0/abc/artifacts/m"));
    }
}
