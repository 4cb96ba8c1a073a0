namespace CarbonScaling.Telemetry;

/// <summary>What makes tokens per second of a step's duration and back.</summary>
/// <param name="TokensPerStep">Tokens of a step.</param>
/// <param name="SequenceLength">Tokens of a sequence.</param>
/// <param name="Devices">Devices of the job.</param>
public sealed record StepBasis(double TokensPerStep, double SequenceLength, double Devices);

/// <summary>A break between two steps of a log that have times.</summary>
/// <param name="AfterStep">The step before it.</param>
/// <param name="Seconds">Its length without the steps, in s.</param>
/// <param name="Restart">Whether the job started again after it.</param>
public sealed record StepGap(long AfterStep, double Seconds, bool Restart);

/// <summary>A change of the duration of a step.</summary>
/// <param name="Moved">Whether it is significant (below 1 % by Pettitt's test) and at least 1 %.</param>
/// <param name="Significance">Probability of a change as clear as this by chance.</param>
/// <param name="FromStep">The first step after it.</param>
/// <param name="FromTime">When that was, in seconds since 1970.</param>
/// <param name="BeforeSeconds">Median duration before it, in s.</param>
/// <param name="AfterSeconds">Median duration after it, in s.</param>
public sealed record StepDrift(
    bool Moved, double Significance, long FromStep, double? FromTime, double BeforeSeconds, double AfterSeconds)
{
    /// <summary>after/before − 1.</summary>
    public double Change => (AfterSeconds / BeforeSeconds) - 1;
}

/// <summary>Training steps that were measured, in robust figures.</summary>
/// <remarks>
/// Segments are parts of a run between restarts: a new file, or a step number that goes back. Warm-up is the first entry of a
/// segment of three or more and those after it that are outliers. An outlier is further from the median than five robust standard
/// deviations and than 10 %. Median and spread are over what is not warm-up. A gap is time between entries with times that their
/// steps do not account for, above ten seconds and five steps.
/// </remarks>
public sealed record MeasuredSteps
{
    /// <summary>Entries of the logs.</summary>
    public required int Entries { get; init; }

    /// <summary>Steps that they cover, those done twice counted twice.</summary>
    public required long StepsRun { get; init; }

    /// <summary>The first step that is covered.</summary>
    public required long FirstStep { get; init; }

    /// <summary>The step that the run has reached.</summary>
    public required long LastStep { get; init; }

    /// <summary>Entries left out as warm-up.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Outliers among the others.</summary>
    public required int Outliers { get; init; }

    /// <summary>Median duration of a step in s.</summary>
    public required double MedianSeconds { get; init; }

    /// <summary>Mean duration with outliers, in s.</summary>
    public required double MeanSeconds { get; init; }

    /// <summary>5th percentile in s.</summary>
    public required double LowSeconds { get; init; }

    /// <summary>95th percentile in s.</summary>
    public required double HighSeconds { get; init; }

    /// <summary>Robust standard deviation over the median.</summary>
    public required double Spread { get; init; }

    /// <summary>Median duration as it is now: after the last change, or of all, in s.</summary>
    public required double CurrentSeconds { get; init; }

    /// <summary>How uncertain that is for the steps to come: standard deviation of its logarithm.</summary>
    public required double CurrentSpread { get; init; }

    /// <summary>Tokens of a step as the log gives them; null where it does not.</summary>
    public required double? TokensPerStep { get; init; }

    /// <summary>Tokens per second and device at the median.</summary>
    public required double TokensPerSecondPerDevice { get; init; }

    /// <summary>Tokens since the start of the run.</summary>
    public required double TokensSoFar { get; init; }

    /// <summary>Restarts.</summary>
    public required int Restarts { get; init; }

    /// <summary>Steps that were lost and done again.</summary>
    public required long StepsDoneAgain { get; init; }

    /// <summary>Time in steps, warm-up and lost ones too, in s.</summary>
    public required double SecondsInSteps { get; init; }

    /// <summary>From the start of the first step to the end of the last, in s; null without times.</summary>
    public required double? WallSeconds { get; init; }

    /// <summary>Gaps; none without times.</summary>
    public required IReadOnlyList<StepGap> Gaps { get; init; }

    /// <summary>The start of the first step, in seconds since 1970; null without times.</summary>
    public required double? Start { get; init; }

    /// <summary>The end of the last step, in seconds since 1970; null without times.</summary>
    public required double? End { get; init; }

    /// <summary>The clearest change of duration; null for fewer than ten entries.</summary>
    public required StepDrift? Drift { get; init; }

    /// <summary>Mean power of a device in W where the log of steps says so.</summary>
    public required double? Watts { get; init; }

    /// <summary>Standard deviation of it from entry to entry, in W.</summary>
    public required double WattsSpread { get; init; }

    /// <summary>Steps that the run is to take, where the log says so.</summary>
    public required long? PlannedSteps { get; init; }
}
