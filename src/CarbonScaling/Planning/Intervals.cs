using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Intervals of figures from the spread of their inputs.</summary>
/// <remarks>
/// Inputs are taken as independent and log-normal, and the figure as a product of powers of them around its value; what
/// the equations leave out enters as an input of its own wherever a step's duration does.
/// </remarks>
internal static class Intervals
{
    /// <summary>Probability of an interval.</summary>
    public const double Level = 0.9;

    private const double StandardDeviations = 1.6448536269514722;

    /// <summary>The figures that have one.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "step.seconds", "run.days", "run.deviceHours", "energy.itKwh", "energy.averageDeviceWatts",
        "carbon.operationalKg", "carbon.embodiedKg", "carbon.totalKg",
    ];

    /// <summary>The interval of a figure.</summary>
    /// <param name="path">The figure.</param>
    /// <param name="traced">The result, traced.</param>
    /// <param name="residual">The spread of what the equations leave out of a step.</param>
    public static (double Low, double High) Of(string path, Assessment<Traced> traced, Figure residual)
    {
        TraceNode trace = Readings.Read(path, traced).Node;
        double variance = Sensitivity.Elasticities(trace).Values.Sum(
            input => Square(input.Elasticity * input.Input.Spread));

        // Power does not follow the duration of a step; everything else here is proportional to it.
        if (path != "energy.averageDeviceWatts")
        {
            variance += Square(residual.Spread);
        }

        double factor = Math.Exp(StandardDeviations * Math.Sqrt(variance));
        return (trace.Value / factor, trace.Value * factor);
    }

    private static double Square(double value) => value * value;
}
