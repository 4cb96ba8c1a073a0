namespace CarbonScaling.Scenarios;

/// <summary>The greatest values that fields of a scenario accept: far above anything built, below any overflow.</summary>
internal static class ScenarioLimits
{
    /// <summary>Accelerators, and every degree of parallelism.</summary>
    public const int Devices = 100_000_000;

    /// <summary>Tokens of a training.</summary>
    public const double Tokens = 1e18;

    /// <summary>Tokens in a sequence.</summary>
    public const int Sequence = 100_000_000;

    /// <summary>Sequences in a batch.</summary>
    public const int Batch = 1_000_000_000;

    /// <summary>Sequences in a micro-batch.</summary>
    public const int MicroBatch = 1_000_000;

    /// <summary>Layers of a model.</summary>
    public const int Layers = 100_000;

    /// <summary>Tokens in a batch.</summary>
    public const double BatchTokens = 1e15;
}
