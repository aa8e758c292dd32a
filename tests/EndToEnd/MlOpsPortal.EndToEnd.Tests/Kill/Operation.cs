namespace MlOpsPortal.EndToEnd.Kill;

internal enum Work
{
    Prediction,
    Actual,
    Project,
    Objective,
    ModelVersion,
    Evaluation,
    Token,
}

/// <summary>How a write ended for the one who asked for it.</summary>
internal enum Outcome
{
    /// <summary>The portal said that it is done.</summary>
    Acknowledged,

    /// <summary>The portal died before it answered, and nobody asked again.</summary>
    Unknown,
}

/// <summary>A write of the test. Asked again with the same key after an interruption, unless it gives up at once.</summary>
/// <param name="Key">In the Idempotency-Key, and in what is written.</param>
internal sealed record Operation(int Number, Work Work, string Key, bool GivesUp)
{
    /// <summary>Half predictions and what became of them, the rest writes of every kind; versions and evaluations bring a job each.</summary>
    private static readonly Work[] Mix =
    [
        .. Enumerable.Repeat(Work.Prediction, 16), .. Enumerable.Repeat(Work.Actual, 4), .. Enumerable.Repeat(Work.Project, 8), .. Enumerable.Repeat(Work.Objective, 8), Work.ModelVersion, Work.Evaluation, Work.Token, Work.Token,
    ];

    public static Operation[] Shuffled(int count, Random random)
    {
        var operations = Enumerable.Range(0, count).Select(number => new Operation(number, Mix[number % Mix.Length], $"kill-{number:0000}", random.NextDouble() < 0.2)).ToArray();
        random.Shuffle(operations);
        return operations;
    }
}
