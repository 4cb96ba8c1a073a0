using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Intervals of figures from the spread of their inputs.</summary>
/// <remarks>
/// Inputs are log-normal, and the figure is taken as a product of powers of them around its value. Calibrated inputs vary
/// together, as their fit left them, others each on its own. What the equations leave out of a step enters wherever a
/// step's duration does: of a calibrated set by the errors on sources that were left out of the fit, and more outside
/// what was fitted.
/// </remarks>
internal static class Intervals
{
    /// <summary>Probability of an interval.</summary>
    public const double Level = 0.9;

    /// <summary>Half its width in standard deviations.</summary>
    public const double StandardDeviations = 1.6448536269514722;

    /// <summary>The figures that have one.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "step.seconds", "run.days", "run.deviceHours", "energy.itKwh", "energy.averageDeviceWatts",
        "carbon.operationalKg", "carbon.embodiedKg", "carbon.totalKg",
    ];

    /// <summary>The interval of a figure.</summary>
    /// <param name="path">The figure.</param>
    /// <param name="traced">The result, traced.</param>
    public static (double Low, double High) Of(string path, Assessment<Traced> traced)
    {
        TraceNode trace = Readings.Read(path, traced).Node;
        double variance = InputVariance(trace, traced.Job.Training.Parameters);

        // Power does not follow the duration of a step; everything else here is proportional to it.
        if (path != "energy.averageDeviceWatts")
        {
            variance += ResidualVariance(traced);
        }

        return Around(trace.Value, variance);
    }

    /// <summary>The interval around a log-normal value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="variance">Variance of its logarithm.</param>
    public static (double Low, double High) Around(double value, double variance)
    {
        double factor = Math.Exp(StandardDeviations * Math.Sqrt(variance));
        return (value / factor, value * factor);
    }

    private static double InputVariance(TraceNode trace, ModelParameters parameters)
    {
        IEnumerable<InputSensitivity> inputs = Sensitivity.Elasticities(trace).Values;
        return parameters.Posterior?.Variance(inputs) ?? inputs.Sum(static input => Square(input.Elasticity * input.Input.Spread));
    }

    // What the equations leave out may go one way in all phases and pools: the widest of them counts.
    private static double ResidualVariance(Assessment<Traced> traced)
    {
        if (traced.Phases.Count > 0)
        {
            return traced.Phases.Max(ResidualVariance);
        }

        double devices = traced.Plan.Devices.Value;
        double parameters = Readings.Read("model.parameters", traced).Value;
        return traced.PoolsOrSelf.Max(pool => ResidualVariance(pool.Job.Training, devices, parameters));
    }

    private static double ResidualVariance(TrainingJob job, double devices, double parameters)
    {
        if (job.Parameters.Posterior is not { } posterior)
        {
            return Square(job.Parameters["step.residual"].Spread);
        }

        CalibratedRange range = posterior.Set.Range;
        ResidualSpreads residuals = posterior.Residuals;
        double doublings = Math.Log2(range.DevicesBeyond(devices)) + Math.Log2(range.ParametersBeyond(parameters));
        return Square(residuals.Of(job))
            + Square(residuals.PerDoubling * doublings)
            + (range.Unseen(job) * Square(residuals.Unseen));
    }

    private static double Square(double value) => value * value;
}
