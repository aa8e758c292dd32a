using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Xunit;
using Xunit.v3;

namespace MlOpsPortal.Testing;

/// <summary>What the portals in this process warned of last. Standing on a test assembly, it is printed with every test that fails: a page that failed
/// explains itself.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PortalLogAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        if (context.TestState?.Result != TestResult.Failed || PortalLog.Last is not { Count: > 0 } lines)
            return;
        context.TestOutputHelper?.WriteLine("The portal's last warnings:");
        foreach (var line in lines)
            context.TestOutputHelper?.WriteLine(line);
    }
}

internal sealed class PortalLog(TimeProvider time) : ILoggerProvider
{
    private const int Kept = 40;
    private static readonly ConcurrentQueue<string> Lines = new();

    public static IReadOnlyCollection<string> Last => Lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, time);

    public void Dispose()
    {
    }

    private sealed class Category(string name, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            Lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)} {exception}"));
            while (Lines.Count > Kept)
                Lines.TryDequeue(out _);
        }
    }
}
