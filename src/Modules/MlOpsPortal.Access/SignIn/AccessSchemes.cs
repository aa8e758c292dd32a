namespace MlOpsPortal.Access;

/// <summary>Authentication schemes. <see cref="Portal"/> is the default: it takes the token when an Authorization header is there, else the cookie.</summary>
public static class AccessSchemes
{
    public const string Portal = "portal";
    public const string Cookie = "session";
    public const string Token = "token";

    /// <summary>The policy of pages above the tenants: somebody is signed in, be she a member of a tenant or of none.</summary>
    public const string SignedIn = "signed-in";
}
