namespace CarbonScaling.Telemetry;

/// <summary>Statistics that a few wild values do not move.</summary>
internal static class Robust
{
    /// <summary>What makes the median absolute deviation of a normal distribution its standard deviation.</summary>
    private const double NormalConsistency = 1.4826022185056018;

    /// <summary>The quantile of ordered values, by linear interpolation.</summary>
    public static double Quantile(double[] ordered, double share)
    {
        double place = share * (ordered.Length - 1);
        int below = (int)Math.Floor(place);
        int above = Math.Min(below + 1, ordered.Length - 1);
        return ordered[below] + ((place - below) * (ordered[above] - ordered[below]));
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>The standard deviation, from the median absolute deviation.</summary>
    public static double Deviation(IReadOnlyCollection<double> values, double median) =>
        NormalConsistency * Median(values.Select(value => Math.Abs(value - median)));

    /// <summary>Medians of at most so many blocks of consecutive values.</summary>
    public static double[] BlockMedians(IReadOnlyList<double> values, int most)
    {
        int blocks = Math.Min(values.Count, most);
        double[] medians = new double[blocks];
        for (int i = 0; i < blocks; i++)
        {
            int from = (int)((long)i * values.Count / blocks);
            int to = (int)((long)(i + 1) * values.Count / blocks);
            medians[i] = Median(values.Skip(from).Take(to - from));
        }

        return medians;
    }
}
