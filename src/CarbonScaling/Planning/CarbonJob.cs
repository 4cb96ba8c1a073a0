using CarbonScaling.Carbon;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>A training job with everything that decides its carbon, but the plan.</summary>
public sealed record CarbonJob
{
    /// <summary>What is trained, on what.</summary>
    public required TrainingJob Training { get; init; }

    /// <summary>Failures and checkpoints; null where nothing fails.</summary>
    public ReliabilityPolicy? Reliability { get; init; }

    /// <summary>Where it runs.</summary>
    public required Site Site { get; init; }

    /// <summary>What making the hardware emits.</summary>
    public required EmbodiedFigures Embodied { get; init; }
}

/// <summary>How a job deals with failures.</summary>
/// <param name="FailureRate">Failures per device, in 1/s.</param>
/// <param name="Restart">Time from a failure until training goes on, in s.</param>
/// <param name="StorageRate">Rate at which the cluster writes a checkpoint, in B/s.</param>
/// <param name="StoragePerDevice">Whether that is the rate of each device instead of the whole cluster.</param>
/// <param name="Asynchronous">Whether training goes on meanwhile.</param>
public sealed record ReliabilityPolicy(
    Figure FailureRate,
    Figure Restart,
    Figure StorageRate,
    bool StoragePerDevice,
    bool Asynchronous);

/// <summary>Where a job runs.</summary>
/// <param name="Id">The grid's id, or "given".</param>
/// <param name="CarbonIntensity">Emissions of its electricity, in kg/J.</param>
/// <param name="PowerUsageEffectiveness">Power usage effectiveness.</param>
/// <param name="Lifetime">Useful life of the hardware, in s.</param>
public sealed record Site(string Id, Figure CarbonIntensity, Figure PowerUsageEffectiveness, Figure Lifetime);
