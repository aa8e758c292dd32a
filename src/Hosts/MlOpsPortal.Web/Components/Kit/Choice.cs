namespace MlOpsPortal.Web.Components.Kit;

/// <summary>One answer of a select: the value kept and the words shown.</summary>
public sealed record Choice<TValue>(TValue Value, string Text);
