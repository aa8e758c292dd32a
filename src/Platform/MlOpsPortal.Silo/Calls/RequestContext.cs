using System.Collections.Immutable;

namespace MlOpsPortal.Silo;

/// <summary>
/// Values that travel with a call into the grain, and on into the grains that it calls. They flow down only: what a grain sets is
/// never seen by its caller. Values are immutable and serialisable.
/// </summary>
public static class RequestContext
{
    public static object? Get(string key) => CallContext.Current?.Values.GetValueOrDefault(key);

    public static void Set(string key, object value) => Replace(Values.SetItem(key, value));

    /// <summary>True when the key was there.</summary>
    public static bool Remove(string key)
    {
        var before = Values;
        if (!before.ContainsKey(key))
            return false;
        Replace(before.Remove(key));
        return true;
    }

    public static void Clear() => Replace(ImmutableDictionary<string, object>.Empty);

    private static ImmutableDictionary<string, object> Values => CallContext.Current?.Values ?? ImmutableDictionary<string, object>.Empty;

    private static void Replace(ImmutableDictionary<string, object> values) => CallContext.Current = new CallContext(values, CallContext.Current?.Turn);
}

/// <summary>What flows with the code that runs now: the request context and the turn it belongs to (null outside of grains).</summary>
internal sealed class CallContext(ImmutableDictionary<string, object> values, Turn? turn)
{
    private static readonly AsyncLocal<CallContext?> Flowing = new();

    public static CallContext? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    public ImmutableDictionary<string, object> Values => values;

    public Turn? Turn => turn;
}
