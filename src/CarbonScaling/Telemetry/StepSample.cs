namespace CarbonScaling.Telemetry;

/// <summary>What a log says of a training step, or on average of the steps since it last said something. What is null was not said.</summary>
public readonly record struct StepSample
{
    /// <summary>The number of the step, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The line that says so, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Duration of a step in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tokens per second and device.</summary>
    public double? TokensPerSecondPerDevice { get; init; }

    /// <summary>Tokens of the step.</summary>
    public double? Tokens { get; init; }

    /// <summary>Sequences of the step.</summary>
    public double? BatchSequences { get; init; }

    /// <summary>Sequences of all steps so far.</summary>
    public double? ConsumedSequences { get; init; }

    /// <summary>Mean power of a device in W.</summary>
    public double? Watts { get; init; }

    /// <summary>The loss in nats per token.</summary>
    public double? Loss { get; init; }

    /// <summary>When the step ended, in seconds since 1970; a time without a zone is taken as UTC.</summary>
    public double? Time { get; init; }
}

/// <summary>The steps of one file, in its order.</summary>
/// <param name="Samples">What it says of steps.</param>
/// <param name="PlannedSteps">Steps that the run is to take, where the log says so.</param>
public sealed record StepLog(IReadOnlyList<StepSample> Samples, long? PlannedSteps);
