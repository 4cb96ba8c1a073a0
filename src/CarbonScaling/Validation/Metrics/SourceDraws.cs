namespace CarbonScaling.Validation.Metrics;

/// <summary>Intervals of errors; null where there are too few sources.</summary>
internal readonly record struct DrawnErrors(
    double[]? Median, double[]? P90, double[]? Mean, double[]? SourceMean, double[]? ExpRmsle, double[]? Bias);

/// <summary>
/// The cluster bootstrap: rows of a source share its method and its machine, so that it is whole sources that are drawn anew.
/// </summary>
internal static class SourceDraws
{
    /// <summary>Draws.</summary>
    public const int Draws = 2000;

    /// <summary>With fewer sources nothing is drawn.</summary>
    public const int FewestSources = 4;

    /// <summary>Intervals of the errors of some rows.</summary>
    public static DrawnErrors Of(IReadOnlyList<Comparison> rows, int seed)
    {
        string[] names = NamesOf(rows.Select(static row => row.Source));
        if (names.Length < FewestSources)
        {
            return default;
        }

        // Sorted once: a draw repeats sources, so that its quantiles are those of the sorted rows by how often each counts.
        (double Error, int Source)[] sorted =
            [.. rows.Select(row => (row.AbsoluteFraction, Array.BinarySearch(names, row.Source, StringComparer.Ordinal))).OrderBy(static row => row.AbsoluteFraction)];
        SourceSums[] sums = new SourceSums[names.Length];
        foreach (Comparison row in rows)
        {
            sums[Array.BinarySearch(names, row.Source, StringComparer.Ordinal)].Add(row);
        }

        double[][] drawn = [.. Enumerable.Range(0, 6).Select(static _ => new double[Draws])];
        ForEachDraw(names.Length, seed, (draw, counts) =>
        {
            (double n, double error, double means, double log, double square) = (0, 0, 0, 0, 0);
            for (int i = 0; i < counts.Length; i++)
            {
                n += counts[i] * sums[i].Rows;
                error += counts[i] * sums[i].Error;
                means += counts[i] * sums[i].Error / sums[i].Rows;
                log += counts[i] * sums[i].Log;
                square += counts[i] * sums[i].Square;
            }

            drawn[0][draw] = Quantile(sorted, counts, n, 0.5);
            drawn[1][draw] = Quantile(sorted, counts, n, 0.9);
            drawn[2][draw] = error / n;
            drawn[3][draw] = means / counts.Length;
            drawn[4][draw] = Math.Exp(Math.Sqrt(square / n));
            drawn[5][draw] = Math.Exp(log / n);
        });
        return new(Interval(drawn[0]), Interval(drawn[1]), Interval(drawn[2]), Interval(drawn[3]), Interval(drawn[4]), Interval(drawn[5]));
    }

    /// <summary>Draws as many sources as there are, again and again; how often each was drawn is told for every draw.</summary>
    public static void ForEachDraw(int sources, int seed, Action<int, int[]> take)
    {
        Random random = new(seed);
        int[] counts = new int[sources];
        for (int draw = 0; draw < Draws; draw++)
        {
            Array.Clear(counts);
            for (int i = 0; i < sources; i++)
            {
                counts[random.Next(sources)]++;
            }

            take(draw, counts);
        }
    }

    /// <summary>The sources in a fixed order.</summary>
    public static string[] NamesOf(IEnumerable<string> sources)
    {
        string[] names = [.. sources.Distinct(StringComparer.Ordinal)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>The middle 95 % of some values.</summary>
    public static double[] Interval(double[] values)
    {
        Array.Sort(values);
        return [ErrorMetrics.Quantile(values, 0.025), ErrorMetrics.Quantile(values, 0.975)];
    }

    private static double Quantile((double Error, int Source)[] sorted, int[] counts, double rows, double probability)
    {
        double position = probability * (rows - 1);
        double below = Math.Floor(position);
        double seen = 0;
        double? lower = null;
        foreach ((double error, int source) in sorted)
        {
            seen += counts[source];
            if (lower is null && seen > below)
            {
                lower = error;
            }

            if (lower is not null && (seen > below + 1 || position == below))
            {
                return lower.Value + ((position - below) * (error - lower.Value));
            }
        }

        return lower ?? 0;
    }

    private struct SourceSums
    {
        public int Rows;
        public double Error;
        public double Log;
        public double Square;

        public void Add(in Comparison row)
        {
            Rows++;
            Error += row.AbsoluteFraction;
            Log += row.LogRatio;
            Square += row.LogRatio * row.LogRatio;
        }
    }
}
