namespace MlOpsPortal.Silo;

public enum DeactivationReasonCode : byte
{
    None = 0,
    ShuttingDown = 1,
    ActivationFailed = 2,
    ActivationIdle = 4,
    ApplicationError = 8,
    ApplicationRequested = 9,
}

public readonly struct DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
{
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    public DeactivationReasonCode ReasonCode => code;

    public string Description => text;

    public Exception? Exception => exception;

    public override string ToString() => exception is null ? $"{code}: {text}" : $"{code}: {text} {exception}";
}
