namespace MlOpsPortal.Platform.Errors;

/// <summary>An exception and all that it was made from.</summary>
public static class ExceptionCauses
{
    /// <summary>Itself first, then what is inside, every branch of an <see cref="AggregateException"/>.</summary>
    public static IEnumerable<Exception> Causes(this Exception exception)
    {
        var ahead = new Stack<Exception>([exception]);
        while (ahead.TryPop(out var next))
        {
            yield return next;
            if (next is AggregateException several)
                foreach (var one in several.InnerExceptions)
                    ahead.Push(one);
            else if (next.InnerException is { } inner)
                ahead.Push(inner);
        }
    }
}
