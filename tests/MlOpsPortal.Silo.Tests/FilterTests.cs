using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class FilterTests
{
    [Fact]
    public async Task Filters_run_around_the_call_in_the_order_they_were_added()
    {
        var notes = new List<string>();
        await using var silo = await TestSilo.StartAsync(silo: builder => builder
            .AddIncomingGrainCallFilter(new NotingFilter("outer", notes))
            .AddIncomingGrainCallFilter(new NotingFilter("inner", notes)));

        (await silo.Get<ICounterGrain>("t/1").Add(new Amount(3, "why"), TestContext.Current.CancellationToken)).ShouldBe(3);

        notes.ShouldBe(["outer before 3", "inner before 3", "inner after 3", "outer after 3"]);
    }

    [Fact]
    public async Task A_filter_sees_what_is_called()
    {
        var seen = new List<string>();
        await using var silo = await TestSilo.StartAsync(silo: builder => builder.AddIncomingGrainCallFilter(new TestFilter(async context =>
        {
            seen.Add($"{context.SourceId?.ToString() ?? "outside"} -> {context.TargetId.Type} {context.TargetId.Key} {context.MethodName}");
            context.InterfaceName.ShouldBe(context.InterfaceMethod.DeclaringType?.FullName);
            context.ImplementationMethod.DeclaringType.ShouldBe(context.Grain.GetType());
            context.TargetContext.GrainInstance.ShouldBe(context.Grain);
            await context.Invoke();
        })));

        await silo.Get<ICallerGrain>("t/1").SetUserAndAsk("ann");

        seen.ShouldBe(["outside -> caller t/1 SetUserAndAsk", "caller/t/1 -> caller t/1/next User"]);
    }

    [Fact]
    public async Task A_filter_that_throws_keeps_the_grain_from_being_called()
    {
        await using var silo = await TestSilo.StartAsync(silo: builder => builder.AddIncomingGrainCallFilter(
            new TestFilter(context => context.MethodName == nameof(ICounterGrain.Increment) ? throw new UnauthorizedAccessException() : context.Invoke())));

        await Should.ThrowAsync<UnauthorizedAccessException>(() => silo.Get<ICounterGrain>("a").Increment());

        (await silo.Get<ICounterGrain>("a").Read()).ShouldBe(0);
    }

    [Fact]
    public async Task A_filter_can_answer_instead_of_the_grain_and_replace_its_result()
    {
        await using var silo = await TestSilo.StartAsync(silo: builder => builder.AddIncomingGrainCallFilter(new TestFilter(async context =>
        {
            if (context.MethodName == nameof(ICounterGrain.Read))
                context.Result = 42;
            else
                await context.Invoke();
            if (context.MethodName == nameof(ICounterGrain.Increment))
                context.Result = -1;
        })));
        var counter = silo.Get<ICounterGrain>("a");

        (await counter.Increment()).ShouldBe(-1);
        (await counter.Read()).ShouldBe(42);
        await counter.Reset();
    }

    [Fact]
    public async Task The_request_context_flows_into_calls_and_never_back()
    {
        await using var silo = await TestSilo.StartAsync();
        RequestContext.Set("user", "ann");

        (await silo.Get<ICallerGrain>("a").User()).ShouldBe("ann");
        (await silo.Get<ICallerGrain>("a").SetUserAndAsk("bob")).ShouldBe("bob");

        RequestContext.Get("user").ShouldBe("ann");
        (await silo.Get<ICallerGrain>("a").User()).ShouldBe("ann");
        RequestContext.Remove("user").ShouldBeTrue();
        (await silo.Get<ICallerGrain>("a").User()).ShouldBe("nobody");
    }

    [Fact]
    public async Task Callers_side_by_side_keep_their_own_context()
    {
        await using var silo = await TestSilo.StartAsync();

        var users = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            async () =>
            {
                RequestContext.Set("user", $"user {i}");
                return await silo.Get<ICallerGrain>("a").User();
            },
            TestContext.Current.CancellationToken)));

        users.ShouldBe(Enumerable.Range(0, 200).Select(i => $"user {i}"));
    }

    [Fact]
    public async Task An_activation_sees_the_context_of_the_call_that_caused_it()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("healthy");
        RequestContext.Set("user", "ann");

        (await silo.Get<IGatedGrain>("a").ContextValue("activation")).ShouldBe("ann");
    }

    private sealed class TestFilter(Func<IIncomingGrainCallContext, Task> invoke) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => invoke(context);
    }

    private sealed class NotingFilter(string name, List<string> notes) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            notes.Add($"{name} before {((Amount)context.Request.GetArgument(0)!).Value}"); // Add's first argument
            await context.Invoke();
            notes.Add($"{name} after {context.Result}");
        }
    }
}
