using System.Collections.Immutable;
using MlOpsPortal.Audit.Comments;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;

namespace MlOpsPortal.Audit.Tests.Comments;

public sealed class MentionsTests
{
    private static readonly Addressee Ana = Person("Ana Reyes", "ana@alder.example");
    private static readonly Addressee Anabel = Person("Ana Reyes Soto", "soto@alder.example");
    private static readonly ImmutableArray<Addressee> People = [Ana, Anabel];

    [Theory]
    [InlineData("@Ana Reyes look")]
    [InlineData("look, @ana reyes.")]
    [InlineData("(@ANA@ALDER.EXAMPLE)")]
    public void A_whole_name_or_address_after_an_at_sign_names_a_person(string text) => Mentions.In(text, People).ShouldBe([Ana.Id]);

    [Theory]
    [InlineData("Ana Reyes")]
    [InlineData("@Ana")]
    [InlineData("@Ana Reyesson")]
    [InlineData("mail@Ana Reyes")]
    [InlineData("@")]
    [InlineData("")]
    public void Anything_else_names_nobody(string text) => Mentions.In(text, People).ShouldBeEmpty();

    [Fact]
    public void The_longest_name_counts() => Mentions.In("@Ana Reyes Soto", People).ShouldBe([Anabel.Id]);

    [Fact]
    public void Nobody_is_named_twice() => Mentions.In("@Ana Reyes and @Ana Reyes", People).ShouldBe([Ana.Id]);

    [Theory]
    [InlineData("a @Ana Reyes b @Ana Reyes Soto")]
    [InlineData("<img src=x onerror=alert(1)> @Ana Reyes")]
    [InlineData("@@@@")]
    public void The_parts_are_the_text(string text) => string.Concat(Mentions.Parts(text, People).Select(part => part.Text)).ShouldBe(text);

    private static Addressee Person(string name, string email) => new(new UserId(Guid.CreateVersion7()), name, email, [], IsMember: true);
}
