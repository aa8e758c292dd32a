namespace MlOpsPortal.SampleGrains;

internal sealed record Amount(int Value, string Reason);

/// <summary>The smallest useful grain.</summary>
internal interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Increment();

    ValueTask<int> Add(Amount amount, CancellationToken cancellationToken);

    [ReadOnly]
    Task<int> Read();

    ValueTask Reset();

    Task<string> Key();

    /// <summary>Increments so often, giving way after each read.</summary>
    [AlwaysInterleave]
    Task Spin(int times);

    /// <summary>Always fails.</summary>
    Task Fail(string message);
}

internal sealed class CounterGrain : Grain, ICounterGrain
{
    private int _value;

    public Task<int> Increment() => Task.FromResult(++_value);

    public async ValueTask<int> Add(Amount amount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var before = _value;
        await Task.Yield(); // another turn here would lose an update
        return _value = before + amount.Value;
    }

    public Task<int> Read() => Task.FromResult(_value);

    public ValueTask Reset()
    {
        _value = 0;
        return ValueTask.CompletedTask;
    }

    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task Spin(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
            _value++;
        }
    }

    public Task Fail(string message) => throw new InvalidOperationException(message);
}
