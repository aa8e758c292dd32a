namespace MlOpsPortal.Registry.Bridge;

public sealed class ModelNeedsTests
{
    private const string Conda = """
        channels:
        - conda-forge
        dependencies:
        - python=3.11.2
        - pip<=23.0.1
        - pip:
          - mlflow==3.17.2
          - scikit-learn==1.2.1
        name: mlflow-env
        """;

    [Fact]
    public void The_list_of_pip_counts_without_its_comments_and_options()
    {
        var needs = ModelNeeds.Of("# made by mlflow\n--index-url https://x\nmlflow==3.17.2\r\n\nnumpy==1.24.2", Conda, "python: 3.12.1\nbuild_dependencies:\n- pip==23.0.1");

        needs.Python.ShouldBe("3.12.1");
        needs.Packages.ShouldBe(["mlflow==3.17.2", "numpy==1.24.2"]);
    }

    [Fact]
    public void Without_it_condas_counts()
    {
        var needs = ModelNeeds.Of(null, Conda, null);

        needs.Python.ShouldBe("3.11.2");
        needs.Packages.ShouldBe(["pip<=23.0.1", "mlflow==3.17.2", "scikit-learn==1.2.1"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("dependencies: 3")]
    [InlineData("dependencies: &a [python=3]")]
    public void What_says_nothing_needs_nothing(string? conda)
    {
        var needs = ModelNeeds.Of(null, conda, conda);

        needs.Python.ShouldBeNull();
        needs.Packages.ShouldBeEmpty();
    }
}
