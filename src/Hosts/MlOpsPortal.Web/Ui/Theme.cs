namespace MlOpsPortal.Web.Ui;

/// <summary>The two looks of the portal. The choice lives in a cookie, so that the first byte of a page already has it; kit.js writes it.</summary>
internal static class Theme
{
    public const string Cookie = "theme";
    public const string Light = "light";
    public const string Dark = "dark";

    /// <summary>What the request's cookie asks for; anything unknown is light.</summary>
    public static string Of(HttpContext? context) => context?.Request.Cookies[Cookie] == Dark ? Dark : Light;
}
