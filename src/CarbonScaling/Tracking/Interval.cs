namespace CarbonScaling.Tracking;

/// <summary>Intervals of log-normal figures.</summary>
internal static class Interval
{
    /// <summary>Standard deviations from the middle to the end of a 90 % interval.</summary>
    public const double StandardDeviations = 1.6448536269514722;

    /// <summary>The figures of an estimate that have an interval, and their names in totals of a run.</summary>
    public static IReadOnlyList<(string Path, string Name)> PredictedPaths { get; } =
    [
        ("run.days", "days"),
        ("run.deviceHours", "deviceHours"),
        ("energy.itKwh", "itKwh"),
        ("carbon.operationalKg", "operationalKg"),
        ("carbon.embodiedKg", "embodiedKg"),
        ("carbon.totalKg", "totalKg"),
    ];

    /// <summary>The 90 % interval around a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="variance">Variance of its logarithm.</param>
    public static (double Low, double High) Around(double value, double variance)
    {
        double factor = Math.Exp(StandardDeviations * Math.Sqrt(variance));
        return (value / factor, value * factor);
    }
}
