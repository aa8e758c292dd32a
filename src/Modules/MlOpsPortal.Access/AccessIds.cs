using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Access;

/// <summary>An API token; its secret is known to its owner alone.</summary>
public readonly record struct TokenId(Guid Value) : IId<TokenId>
{
    public static TokenId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TokenId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

public readonly record struct InvitationId(Guid Value) : IId<InvitationId>
{
    public static InvitationId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out InvitationId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
