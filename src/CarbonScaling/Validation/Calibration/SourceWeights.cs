namespace CarbonScaling.Validation.Calibration;

/// <summary>Weights of observations: a source of n of them weighs n to some power in all.</summary>
internal static class SourceWeights
{
    /// <summary>The weights.</summary>
    /// <param name="observations">The observations.</param>
    /// <param name="exponent">The power: 1 weighs observations alike, 0 sources.</param>
    /// <param name="leftOut">A source that must not be seen; null for none.</param>
    public static double[] Of(Observations observations, double exponent, string? leftOut = null)
    {
        Dictionary<string, int> counts = observations.All
            .CountBy(static observation => observation.Source, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return [.. observations.All.Select(observation =>
            observation.Source == leftOut ? 0 : Math.Pow(counts[observation.Source], exponent - 1))];
    }
}
