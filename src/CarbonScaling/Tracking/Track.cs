using CarbonScaling.Planning;

namespace CarbonScaling.Tracking;

/// <summary>A running job against its prediction. Its fields are those of the JSON that the program prints.</summary>
public sealed record Track
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "carbonscaling/track/1";

    /// <summary>Version of the program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>The parameter set of the prediction.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Digest of what the prediction follows from.</summary>
    public required string InputsDigest { get; init; }

    /// <summary>Name of the scenario, if it has one.</summary>
    public string? Name { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Accelerators of the job.</summary>
    public required long Devices { get; init; }

    /// <summary>The files that were read.</summary>
    public required IReadOnlyList<TrackedFile> Telemetry { get; init; }

    /// <summary>The step; null without a log of steps.</summary>
    public TrackedStep? Step { get; init; }

    /// <summary>Whether its duration moved; null without a log of at least ten entries.</summary>
    public TrackedDrift? Drift { get; init; }

    /// <summary>Power of an accelerator; null where it was not measured.</summary>
    public TrackedPower? Power { get; init; }

    /// <summary>Power of a node per accelerator; null where it was not measured.</summary>
    public TrackedPower? NodePower { get; init; }

    /// <summary>How far the run is; null without a log of steps.</summary>
    public TrackedProgress? Progress { get; init; }

    /// <summary>The whole run as it was predicted.</summary>
    public required RunTotals Predicted { get; init; }

    /// <summary>The whole run as it will be with what was measured; null without a log of steps.</summary>
    public RunTotals? Projected { get; init; }

    /// <summary>When it ends, and what that rests on; null without a log of steps.</summary>
    public TrackedFinish? Finish { get; init; }

    /// <summary>Intervals of predicted and projected figures by their paths, and under <c>level</c> their probability.</summary>
    public required EstimatedIntervals Intervals { get; init; }

    /// <summary>Limits of the scenario that the projection exceeds.</summary>
    public required IReadOnlyList<LimitViolation> Violations { get; init; }

    /// <summary>What a reader should know before relying on the figures.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A telemetry file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Entries">Steps, readings or jobs in it.</param>
public sealed record TrackedFile(string File, string Kind, long Entries);

/// <summary>A training step, predicted and measured.</summary>
/// <param name="PredictedSeconds">Predicted duration.</param>
/// <param name="MeasuredSeconds">Median of the measured ones, without warm-up.</param>
/// <param name="Ratio">Measured over predicted time per token.</param>
/// <param name="Inside">Whether that is inside the interval of the prediction.</param>
/// <param name="CurrentSeconds">Median since the last change.</param>
/// <param name="MeanSeconds">Mean with outliers.</param>
/// <param name="LowSeconds">5th percentile.</param>
/// <param name="HighSeconds">95th percentile.</param>
/// <param name="Spread">Robust standard deviation over the median.</param>
/// <param name="Entries">Entries of the logs.</param>
/// <param name="WarmUp">Entries left out as warm-up.</param>
/// <param name="Outliers">Outliers among the others.</param>
/// <param name="PredictedTokensPerSecondPerDevice">Predicted tokens per second and device.</param>
/// <param name="TokensPerSecondPerDevice">The same measured.</param>
/// <param name="FlopsConvention">How model FLOPs are counted.</param>
/// <param name="ModelTflopsPerDevice">Measured model TFLOP/s of a device.</param>
/// <param name="Mfu">Measured model FLOPs utilisation.</param>
public sealed record TrackedStep(
    double PredictedSeconds,
    double MeasuredSeconds,
    double Ratio,
    bool Inside,
    double CurrentSeconds,
    double MeanSeconds,
    double LowSeconds,
    double HighSeconds,
    double Spread,
    int Entries,
    int WarmUp,
    int Outliers,
    double PredictedTokensPerSecondPerDevice,
    double TokensPerSecondPerDevice,
    string FlopsConvention,
    double ModelTflopsPerDevice,
    double Mfu);

/// <summary>Whether the duration of a step moved.</summary>
/// <param name="Moved">Whether it moved.</param>
/// <param name="Significance">Probability of a change as clear as this by chance.</param>
/// <param name="FromStep">The first step after the change.</param>
/// <param name="FromTime">When that was, ISO 8601; null without times.</param>
/// <param name="BeforeSeconds">Median before.</param>
/// <param name="AfterSeconds">Median after.</param>
/// <param name="Change">after/before − 1.</param>
public sealed record TrackedDrift(
    bool Moved, double Significance, long FromStep, string? FromTime, double BeforeSeconds, double AfterSeconds, double Change);

/// <summary>Power, predicted and measured.</summary>
/// <param name="PredictedWatts">Predicted mean over the run.</param>
/// <param name="MeasuredWatts">Measured mean.</param>
/// <param name="Ratio">Measured over predicted.</param>
/// <param name="Inside">Whether the measured mean is inside the interval of the prediction.</param>
/// <param name="Source">What measured it: <c>readings</c>, <c>counter</c>, <c>total</c> or <c>log</c>.</param>
/// <param name="Devices">Accelerators that were measured.</param>
/// <param name="DeviceHours">Measured time summed over them; 0 where the file has no times.</param>
/// <param name="SpreadWatts">Standard deviation of the means of a minute.</param>
public sealed record TrackedPower(
    double PredictedWatts,
    double MeasuredWatts,
    double Ratio,
    bool Inside,
    string Source,
    int Devices,
    double DeviceHours,
    double SpreadWatts);

/// <summary>How far a run is.</summary>
/// <param name="Step">The step that it has reached.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="Tokens">Tokens so far.</param>
/// <param name="Share">Share of the tokens.</param>
/// <param name="WallFrom">What the wall time rests on: <c>accounting</c>, <c>times</c> or <c>steps</c>, which tell of no pause.</param>
/// <param name="Goodput">Share of the wall time that the steps up to here take at their median; at most 1.</param>
/// <param name="Restarts">Restarts.</param>
/// <param name="StepsDoneAgain">Steps that were lost and done again.</param>
/// <param name="Gaps">Gaps between steps.</param>
/// <param name="GapHours">Their sum.</param>
/// <param name="SoFar">What the run has taken.</param>
public sealed record TrackedProgress(
    long Step,
    double Steps,
    double Tokens,
    double Share,
    string WallFrom,
    double Goodput,
    int Restarts,
    long StepsDoneAgain,
    int Gaps,
    double GapHours,
    RunTotals SoFar);

/// <summary>What a run takes.</summary>
/// <param name="Days">Wall time in days.</param>
/// <param name="DeviceHours">Wall time summed over the devices, in hours.</param>
/// <param name="AcceleratorKwh">Energy of the accelerators.</param>
/// <param name="ItKwh">Energy of all information technology.</param>
/// <param name="FacilityKwh">Energy of the facility.</param>
/// <param name="OperationalKg">Operational emissions in kgCO2e.</param>
/// <param name="EmbodiedKg">Embodied emissions in kgCO2e.</param>
/// <param name="TotalKg">Both.</param>
public sealed record RunTotals(
    double Days,
    double DeviceHours,
    double AcceleratorKwh,
    double ItKwh,
    double FacilityKwh,
    double OperationalKg,
    double EmbodiedKg,
    double TotalKg);

/// <summary>When a run ends.</summary>
/// <param name="RemainingDays">Days to go.</param>
/// <param name="Date">When, ISO 8601; null where neither the telemetry nor the scenario has a time.</param>
/// <param name="Rate">What the remaining steps rest on: <c>measured</c>.</param>
/// <param name="Overhead">What the time lost beside them rests on: <c>predicted</c>, or <c>measured and predicted</c>.</param>
/// <param name="OverheadShare">That time over the time of the steps.</param>
/// <param name="Power">What the power of accelerators rests on: <c>measured</c> or <c>predicted</c>.</param>
/// <param name="HostPower">The same of hosts.</param>
public sealed record TrackedFinish(
    double RemainingDays, string? Date, string Rate, string Overhead, double OverheadShare, string Power, string HostPower);
