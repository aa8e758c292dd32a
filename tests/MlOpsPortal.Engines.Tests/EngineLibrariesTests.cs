namespace MlOpsPortal.Engines.Tests;

public sealed class EngineLibrariesTests
{
    [Fact]
    public void Both_libraries_are_found_above_the_build_output()
    {
        File.Exists(EngineLibraries.DuckDbPath).ShouldBeTrue();
        File.Exists(EngineLibraries.OnnxRuntimePath).ShouldBeTrue();
    }

    [Fact]
    public void A_library_beside_the_program_is_preferred()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.File("native"));
        Directory.CreateDirectory(folder.File("node_modules/p"));
        var beside = folder.Write("native/lib.so", "");
        folder.Write("node_modules/p/lib.so", "");

        EngineLibraries.Find("lib.so", "p/lib.so", "p", folder.Path).ShouldBe(beside);
    }

    [Fact]
    public void A_missing_library_is_named_with_the_places_and_the_package()
    {
        using var folder = new ScratchFolder();

        var missing = Should.Throw<EngineLibraryNotFoundException>(() => EngineLibraries.Find("libnone.so", "none/libnone.so", "none", folder.Path));

        missing.Message.ShouldContain(folder.File("native/libnone.so"));
        missing.Message.ShouldContain("npm package none");
        missing.Message.ShouldContain("MLOPS_NATIVE");
        missing.File.ShouldBe("libnone.so");
    }
}
