namespace MlOpsPortal.Web.Ui;

/// <summary>Ends with its component. What was under way then goes on for a moment, so unlike a source's the token can be asked for after the end too.</summary>
public sealed class ComponentLife : IDisposable
{
    private readonly CancellationTokenSource source = new();

    public ComponentLife() => Token = source.Token;

    public CancellationToken Token { get; }

    public bool IsOver => Token.IsCancellationRequested;

    public void Dispose()
    {
        source.Cancel();
        source.Dispose();
    }
}
