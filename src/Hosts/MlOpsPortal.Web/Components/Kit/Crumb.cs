namespace MlOpsPortal.Web.Components.Kit;

/// <summary>A step of the breadcrumb: objective, key result, KPI, model, endpoint where there is one. The last needs no address.</summary>
public sealed record Crumb(string Text, string? Href = null);
