using Microsoft.Extensions.Options;

namespace MlOpsPortal.Silo;

public sealed class SiloOptions
{
    /// <summary>How long an activation stays without a call. Above zero; default 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Above zero; default 1 minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Calls that may wait for one grain; more are refused with <see cref="LimitExceededException"/>. At least 1, default 10,000.</summary>
    public int MailboxCapacity { get; set; } = 10_000;

    /// <summary>How long shutdown waits for running and waiting turns and for OnDeactivateAsync. Above zero; default 20 seconds.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        var faults = new List<string>();
        if (options.CollectionAge <= TimeSpan.Zero)
            faults.Add($"{nameof(SiloOptions.CollectionAge)} must be above zero.");
        if (options.CollectionQuantum <= TimeSpan.Zero)
            faults.Add($"{nameof(SiloOptions.CollectionQuantum)} must be above zero.");
        if (options.MailboxCapacity < 1)
            faults.Add($"{nameof(SiloOptions.MailboxCapacity)} must be at least 1.");
        if (options.DrainTimeout <= TimeSpan.Zero)
            faults.Add($"{nameof(SiloOptions.DrainTimeout)} must be above zero.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
