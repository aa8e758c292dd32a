namespace MlOpsPortal.AppHost;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Port">The portal's port on localhost.</param>
/// <param name="DataFolder">Absolute.</param>
/// <param name="Fresh">Delete the data folder first.</param>
/// <param name="Demo">Seed the demo tenant.</param>
/// <param name="PortalFile">The portal's program: a .dll or an executable, absolute.</param>
internal sealed record LaunchOptions(int Port, string DataFolder, bool Fresh, bool Demo, string PortalFile)
{
    public string Url => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://localhost:{Port}");
}
