namespace CarbonScaling.Telemetry;

/// <summary>Where a series changes its level most, and how likely that is chance.</summary>
/// <param name="Index">The first value after the change.</param>
/// <param name="Significance">Probability of a change as clear as this one among values in random order.</param>
/// <param name="Before">Median before it.</param>
/// <param name="After">Median from there on.</param>
internal sealed record ChangePoint(int Index, double Significance, double Before, double After)
{
    private const int LeastValues = 10;
    private const int LeastSide = 3;

    /// <summary>
    /// Whether there is a change by Pettitt's rank test (Pettitt 1979, Applied Statistics 28): U(t) = 2 Σ ranks up to t −
    /// t(n + 1), K its greatest size, the probability 2 exp(−6 K²/(n³ + n²)). Where it is: U over its standard deviation,
    /// √(t(n − t)(n + 1)/3), is greatest, which unlike |U| does not lean to the middle.
    /// </summary>
    /// <returns>Null for fewer than ten values.</returns>
    public static ChangePoint? Of(double[] values)
    {
        int n = values.Length;
        if (n < LeastValues)
        {
            return null;
        }

        double[] ranks = Ranks(values);
        double sum = 0;
        double greatest = 0;
        double clearest = -1;
        int index = LeastSide;
        for (int t = 1; t < n; t++)
        {
            sum += ranks[t - 1];
            double statistic = Math.Abs((2 * sum) - (t * (n + 1.0)));
            greatest = Math.Max(greatest, statistic);
            double standardised = statistic / Math.Sqrt((double)t * (n - t));
            if (standardised > clearest && t >= LeastSide && n - t >= LeastSide)
            {
                (clearest, index) = (standardised, t);
            }
        }

        double exponent = -6 * greatest * greatest / (Math.Pow(n, 3) + ((double)n * n));
        return new(
            index, Math.Min(1, 2 * Math.Exp(exponent)), Robust.Median(values[..index]), Robust.Median(values[index..]));
    }

    // Equal values share the mean of their ranks.
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        double[] ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]]; to++)
            {
            }

            for (int i = from; i < to; i++)
            {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
        }

        return ranks;
    }
}
