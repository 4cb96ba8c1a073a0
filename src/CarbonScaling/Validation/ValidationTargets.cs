using CarbonScaling.Planning;

namespace CarbonScaling.Validation;

/// <summary>A quantity that was measured and is predicted.</summary>
/// <param name="Name">Its path in results.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Measured">Its measurement; null where the record has none.</param>
/// <param name="Predicted">Its prediction with the interval, where there is one.</param>
internal sealed record ValidationTarget(
    string Name,
    string Unit,
    Func<StepRecord, double?> Measured,
    Func<Estimate, (double Value, double? Low, double? High)> Predicted);

/// <summary>The targets of step records.</summary>
internal static class ValidationTargets
{
    private const string StepSeconds = "step.seconds";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ValidationTarget> All { get; } =
    [
        new(StepSeconds, "s", static record => record.StepSeconds, StepTime),
        new("step.tokensPerSecondPerDevice", "1/s", static record => record.TokensPerSecondPerDevice, TokenRate),
        new("memory.peakBytes", "B", static record => record.PeakBytes, Peak),
    ];

    private static (double Value, double? Low, double? High) StepTime(Estimate estimate)
    {
        (double low, double high) = estimate.Intervals.Ranges[StepSeconds];
        return (estimate.Step.Seconds, low, high);
    }

    // The slowest step is the lowest rate.
    private static (double Value, double? Low, double? High) TokenRate(Estimate estimate)
    {
        (double low, double high) = estimate.Intervals.Ranges[StepSeconds];
        double rate = estimate.Step.TokensPerSecondPerDevice;
        return (rate, rate * estimate.Step.Seconds / high, rate * estimate.Step.Seconds / low);
    }

    // What tensors take at most is measured: without the runtime, its libraries and fragmentation.
    private static (double Value, double? Low, double? High) Peak(Estimate estimate) => (
        estimate.Memory.Stages.Max(static stage =>
            stage.WeightsBytes + stage.GradientsBytes + stage.OptimizerBytes + stage.ActivationsBytes),
        null,
        null);
}
