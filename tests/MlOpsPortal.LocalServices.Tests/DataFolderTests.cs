namespace MlOpsPortal.LocalServices.Tests;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TempFolder temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Secrets_are_readable_by_their_owner_alone_and_stay_the_same()
    {
        using var data = await OpenAsync("data");
        var first = data.Secrets;
        data.Secrets.ShouldBe(first);
        File.GetUnixFileMode(data.SecretsFile).ShouldBe(OwnerOnly);
        new[] { first.SuperuserPassword, first.OwnerPassword, first.AppPassword, first.SystemPassword, first.BlobKey }.ShouldBeUnique();
    }

    [Fact]
    public async Task Two_folders_have_different_secrets()
    {
        using var one = await OpenAsync("one");
        using var other = await OpenAsync("other");
        one.Secrets.SuperuserPassword.ShouldNotBe(other.Secrets.SuperuserPassword);
        one.Secrets.BlobKey.ShouldNotBe(other.Secrets.BlobKey);
    }

    [Fact]
    public async Task A_folder_of_before_gets_the_secret_it_lacks_and_keeps_the_others()
    {
        using var data = await OpenAsync("data");
        var before = data.Secrets with { KeyRing = null };
        PrivateFile.Write(data.SecretsFile, before);
        var after = data.Secrets;
        Convert.FromBase64String(after.KeyRing.ShouldNotBeNull()).Length.ShouldBe(32);
        after.ShouldBe(before with { KeyRing = after.KeyRing });
        data.Secrets.ShouldBe(after);
    }

    [Fact]
    public async Task Lost_secrets_of_a_folder_with_a_database_are_not_invented_anew()
    {
        using var data = await OpenAsync("data");
        data.Remember(known => known with { PostgresFolder = data.Sub("postgres") });
        Should.Throw<LaunchException>(() => data.Secrets).Message.ShouldContain("--fresh");
    }

    [Fact]
    public async Task A_second_launcher_is_told_that_the_folder_is_in_use()
    {
        using var first = await OpenAsync("data");
        (await Should.ThrowAsync<LaunchException>(() => OpenAsync("data"))).Message.ShouldContain("in use by another launcher");
    }

    [Fact]
    public async Task A_folder_with_foreign_files_is_neither_taken_nor_deleted()
    {
        var precious = Directory.CreateDirectory(temp.Sub("home")).FullName;
        await File.WriteAllTextAsync(Path.Combine(precious, "thesis.txt"), "years of work", Stop);
        (await Should.ThrowAsync<LaunchException>(() => OpenAsync("home"))).Message.ShouldContain("was not made by this program");
        await Should.ThrowAsync<LaunchException>(() => DataFolder.DeleteAsync(precious, Stop));
        (await File.ReadAllTextAsync(Path.Combine(precious, "thesis.txt"), Stop)).ShouldBe("years of work");
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_told_in_one_sentence()
    {
        await File.WriteAllTextAsync(temp.Sub("data"), "a file", Stop);
        (await Should.ThrowAsync<LaunchException>(() => OpenAsync("data"))).Message.ShouldContain("cannot be written");
    }

    [Fact]
    public async Task A_folder_we_made_is_deleted_as_a_whole()
    {
        using (var data = await OpenAsync("data")) await File.WriteAllTextAsync(data.LogFile("any"), "line", Stop);
        await DataFolder.DeleteAsync(temp.Sub("data"), Stop);
        Directory.Exists(temp.Sub("data")).ShouldBeFalse();
    }

    private Task<DataFolder> OpenAsync(string name) => DataFolder.OpenAsync(temp.Sub(name), TimeSpan.Zero, Stop);
}
