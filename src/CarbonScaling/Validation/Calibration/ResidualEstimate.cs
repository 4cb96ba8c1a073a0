using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>The error of a prediction by a fit that has not seen its source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Class">The class of the job.</param>
/// <param name="Residual">ln(predicted / measured).</param>
/// <param name="Variance">Variance of ln predicted by the uncertainty of all inputs.</param>
internal readonly record struct LeftOutError(string Source, string Class, double Residual, double Variance);

/// <summary>Finds the spread that intervals need beyond the uncertainty of inputs.</summary>
/// <remarks>
/// With the spread of a class, the 90 % intervals hold 90 % of the weight of its errors, and so mean what they say of
/// sources that were not seen. Sources weigh as in the fit. A class of few sources says little about the next: the errors
/// of all other classes count in it as much as one source of the typical weight does, and the spread is stretched as
/// Student's quantile is over the normal one, with one degree of freedom less than there are sources.
/// </remarks>
internal static class ResidualEstimate
{
    /// <summary>Estimates.</summary>
    /// <param name="errors">The errors.</param>
    /// <param name="weights">How sources weigh.</param>
    /// <param name="leftOut">A source that must not be seen; null for none.</param>
    public static ResidualSpreads Of(IReadOnlyList<LeftOutError> errors, FitWeights weights, string? leftOut = null)
    {
        LeftOutError[] seen = [.. errors.Where(error => error.Source != leftOut)];
        double[] even = WeightsOf(seen, weights.SourceExponent);
        double typical = even.Length == 0
            ? 0
            : even.Sum() / seen.Select(static error => error.Source).Distinct(StringComparer.Ordinal).Count();
        Dictionary<string, double> byClass = new(StringComparer.Ordinal);
        foreach (string each in ResidualSpreads.Classes)
        {
            double own = seen.Zip(even).Where(pair => pair.First.Class == each).Sum(static pair => pair.Second);
            double others = even.Sum() - own;
            if (own > 0)
            {
                byClass[each] = Spread(seen, [.. even.Select((weight, i) => seen[i].Class == each ? weight : weight * typical / others)]);
            }
        }

        return new(Spread(seen, even), byClass, weights.PerDoubling, weights.Unseen);
    }

    private static double[] WeightsOf(LeftOutError[] errors, double exponent)
    {
        Dictionary<string, int> counts = errors.CountBy(static error => error.Source, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. errors.Select(error => Math.Pow(counts[error.Source], exponent - 1))];
    }

    // An error is inside its interval where the added variance is at least (r/z)² − v: the quantile of that.
    private static double Spread(LeftOutError[] errors, double[] weights)
    {
        (double Needed, double Weight)[] ordered = [.. errors
            .Select((error, i) => (Needed: NeededVariance(error), Weight: weights[i]))
            .OrderBy(static each => each.Needed)];
        double covered = 0;
        double wanted = Intervals.Level * weights.Sum();
        foreach ((double needed, double weight) in ordered)
        {
            covered += weight;
            if (covered >= wanted)
            {
                return Math.Sqrt(Math.Max(0, needed)) * StudentFactor(EffectiveSources(errors, weights) - 1);
            }
        }

        return 0;
    }

    // Sources of unlike weight count as so many of equal weight (Kish).
    private static double EffectiveSources(LeftOutError[] errors, double[] weights)
    {
        double[] sources = [.. errors.Zip(weights)
            .GroupBy(static pair => pair.First.Source, static pair => pair.Second, StringComparer.Ordinal)
            .Select(static source => source.Sum())];
        return Math.Pow(sources.Sum(), 2) / sources.Sum(static weight => weight * weight);
    }

    // Student's quantile over the normal one z, expanded in the degrees of freedom (Fisher and Cornish 1960): 1 % low at two.
    private static double StudentFactor(double degreesOfFreedom)
    {
        double d = Math.Max(1, degreesOfFreedom);
        double z2 = Intervals.StandardDeviations * Intervals.StandardDeviations;
        return 1
            + ((z2 + 1) / (4 * d))
            + (((((5 * z2) + 16) * z2) + 3) / (96 * d * d))
            + (((((((3 * z2) + 19) * z2) + 17) * z2) - 15) / (384 * d * d * d));
    }

    private static double NeededVariance(in LeftOutError error)
    {
        double deviations = error.Residual / Intervals.StandardDeviations;
        return (deviations * deviations) - error.Variance;
    }
}
