namespace CarbonScaling.Validation.Metrics;

/// <summary>Spearman's rank correlation.</summary>
internal static class RankCorrelation
{
    /// <summary>The correlation of the ranks, ties sharing the mean of theirs; null where one side does not vary.</summary>
    public static double? Of(IReadOnlyList<(double X, double Y)> pairs)
    {
        double[] x = Ranks([.. pairs.Select(static pair => pair.X)]);
        double[] y = Ranks([.. pairs.Select(static pair => pair.Y)]);
        double mean = (pairs.Count + 1) / 2.0;
        (double xy, double xx, double yy) = (0, 0, 0);
        for (int i = 0; i < pairs.Count; i++)
        {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : null;
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        double[] ranks = new double[values.Length];
        for (int first = 0; first < order.Length;)
        {
            int last = first;
            while (last + 1 < order.Length && values[order[last + 1]] == values[order[first]])
            {
                last++;
            }

            for (int i = first; i <= last; i++)
            {
                ranks[order[i]] = ((first + last) / 2.0) + 1;
            }

            first = last + 1;
        }

        return ranks;
    }
}
