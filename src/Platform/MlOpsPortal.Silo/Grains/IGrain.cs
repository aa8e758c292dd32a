namespace MlOpsPortal.Silo;

/// <summary>A grain or a reference to one: both have an identity.</summary>
public interface IAddressable;

/// <summary>Marks an interface whose methods are calls to a grain. Methods return Task or ValueTask, with or without a result.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string, such as <c>{tenant}/{id}</c>.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>What the silo needs of a grain class; <see cref="Grain"/> implements it.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    Task OnActivateAsync(CancellationToken cancellationToken);

    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken);
}

/// <summary>One activation as its grain and the call filters see it.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    /// <summary>The grain object, or null until its constructor has returned.</summary>
    object? GrainInstance { get; }

    /// <summary>The activation's own service scope, disposed with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once its running turns have ended; calls that wait go to the next activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

public interface IGrainFactory
{
    /// <summary>A reference to the grain with this key. Costs no activation; the first call makes one.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey)
        where TGrainInterface : IGrainWithStringKey;
}
