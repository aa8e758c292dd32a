namespace MlOpsPortal.Platform.KeyRing;

/// <summary>One data-protection key, as the framework writes it.</summary>
public sealed class KeyRow
{
    public required string Id { get; set; }
    public required string Xml { get; set; }
}
