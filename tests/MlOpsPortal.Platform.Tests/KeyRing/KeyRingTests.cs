using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.KeyRing;

namespace MlOpsPortal.Platform.Tests.KeyRing;

public sealed class KeyRingTests
{
    private static readonly XElement Key = new("key", new XElement("masterKey", "secret"));

    [Fact]
    public async Task Keys_lie_in_the_database_encrypted_by_a_secret_from_outside()
    {
        await using var platform = await TestPlatform.StartAsync();
        var protector = platform.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");
        protector.Unprotect(protector.Protect("signed in")).ShouldBe("signed in");

        await using var command = platform.Services.GetRequiredService<PortalDatabase>().System.CreateCommand("SELECT xml FROM platform.data_protection_keys");
        var stored = XElement.Parse((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        stored.Descendants("sealed").ShouldHaveSingleItem();
        stored.Descendants("masterKey").ShouldBeEmpty();
    }

    [Fact]
    public void A_key_opens_with_the_secret_that_closed_it_also_when_that_has_become_a_previous_one()
    {
        var (old, present) = (Secret(), Secret());
        var box = new KeyRingEncryptor(Options.Create(With(old))).Encrypt(Key).EncryptedElement;
        box.ToString().ShouldNotContain("secret");

        XNode.DeepEquals(Decryptor(With(old)).Decrypt(box), Key).ShouldBeTrue();
        XNode.DeepEquals(Decryptor(With(present, old)).Decrypt(box), Key).ShouldBeTrue();
        Should.Throw<CryptographicException>(() => Decryptor(With(present)).Decrypt(box)).Message.ShouldContain("KeyRing:Previous");
    }

    [Fact]
    public void A_changed_key_does_not_open()
    {
        var secret = Secret();
        var box = new KeyRingEncryptor(Options.Create(With(secret))).Encrypt(Key).EncryptedElement;
        var bytes = Convert.FromBase64String(box.Value);
        bytes[^1] ^= 1;
        Should.Throw<CryptographicException>(() => Decryptor(With(secret)).Decrypt(new XElement("sealed", Convert.ToBase64String(bytes))));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_secret_that_is_no_32_bytes_is_refused_with_a_sentence(string secret) =>
        With(secret).Validate(new(new object())).ShouldHaveSingleItem().ErrorMessage.ShouldNotBeNull().ShouldContain("32 random bytes");

    private static string Secret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static KeyRingOptions With(string secret, params string[] previous)
    {
        var options = new KeyRingOptions { Secret = secret };
        foreach (var old in previous)
            options.Previous.Add(old);
        return options;
    }

    private static KeyRingDecryptor Decryptor(KeyRingOptions options) => new(new ServiceCollection().AddSingleton(Options.Create(options)).BuildServiceProvider());
}
