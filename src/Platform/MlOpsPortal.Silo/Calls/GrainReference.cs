using System.Runtime.CompilerServices;

namespace MlOpsPortal.Silo;

/// <summary>What callers hold instead of a grain. A generated class per interface turns its methods into <see cref="Call"/>.</summary>
internal abstract class GrainReference(GrainInterface grainInterface, LocalSilo silo, string key) : IAddressable
{
    // The activation of the last call spares the directory; it refuses when it has ended.
    private Activation? _last;

    public LocalSilo Silo => silo;

    public GrainClass GrainClass => grainInterface.GrainClass;

    public GrainId GrainId { get; } = new(grainInterface.GrainClass.GrainType, new IdSpan(key));

    protected Task<TResult> Call<TArguments, TResult>(int method, TArguments arguments)
        where TArguments : struct, ITuple
    {
        var request = new Request<TArguments, TResult>(
            this, (GrainMethod<TArguments, TResult>)grainInterface.Methods[method], arguments, CallContext.Current);
        try
        {
            silo.Send(request, this);
            return request.Reply;
        }
        catch (Exception refusal) when (refusal is LimitExceededException or SiloUnavailableException or GrainCallCycleException)
        {
            return Task.FromException<TResult>(refusal);
        }
    }

    internal Activation Find(Func<GrainReference, Activation> lookUp)
    {
        var last = _last;
        return last is { IsClosed: false } ? last : _last = lookUp(this);
    }

    public override bool Equals(object? obj) => obj is GrainReference other && other.GrainId == GrainId && other.GetType() == GetType();

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();
}
