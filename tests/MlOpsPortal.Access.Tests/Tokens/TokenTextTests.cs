using MlOpsPortal.Access.Tokens;

namespace MlOpsPortal.Access.Tests.Tokens;

public sealed class TokenTextTests
{
    [Fact]
    public void A_new_token_has_prefix_256_bits_and_a_checksum_that_holds()
    {
        var token = TokenText.New(TokenText.ApiToken);
        token.ShouldStartWith("mlp_");
        token.Length.ShouldBe(TokenText.Length);
        TokenText.IsWellFormed(token, TokenText.ApiToken).ShouldBeTrue();
        TokenText.New(TokenText.ApiToken).ShouldNotBe(token);
    }

    [Fact]
    public void One_changed_character_breaks_the_checksum()
    {
        var token = TokenText.New(TokenText.ApiToken).ToCharArray();
        for (var at = 4; at < token.Length; at++)
        {
            var before = token[at];
            token[at] = before == '0' ? '1' : '0';
            TokenText.IsWellFormed(token, TokenText.ApiToken).ShouldBeFalse();
            token[at] = before;
        }
    }

    [Fact]
    public void An_invitation_is_no_api_token() => TokenText.IsWellFormed(TokenText.New(TokenText.InvitationLink), TokenText.ApiToken).ShouldBeFalse();

    [Fact]
    public void The_hash_reads_back_as_the_bytes_that_are_stored()
    {
        var token = TokenText.New(TokenText.ApiToken);
        TokenHash.Of(token).ToArray().ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)));
    }
}
