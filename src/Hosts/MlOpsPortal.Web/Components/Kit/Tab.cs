namespace MlOpsPortal.Web.Components.Kit;

/// <summary>One view: its name, address and, where it counts things, how many.</summary>
public sealed record Tab(string Text, string Href, long? Count = null);
