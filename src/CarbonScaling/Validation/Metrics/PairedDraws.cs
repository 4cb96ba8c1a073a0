namespace CarbonScaling.Validation.Metrics;

/// <summary>Two methods on the same row.</summary>
/// <param name="Source">The source of the row.</param>
/// <param name="Ours">|ln(prediction/measurement)| of one.</param>
/// <param name="Theirs">The same of the other.</param>
internal readonly record struct PairedRow(string Source, double Ours, double Theirs);

/// <summary>The paired cluster bootstrap: the difference of two methods on the same rows, over draws of whole sources.</summary>
internal static class PairedDraws
{
    /// <summary>Mean of ours − theirs, and its interval; null with too few sources.</summary>
    public static (double Difference, double[]? Interval) Of(IReadOnlyList<PairedRow> rows, int seed)
    {
        double difference = rows.Average(static row => row.Ours - row.Theirs);
        string[] names = SourceDraws.NamesOf(rows.Select(static row => row.Source));
        if (names.Length < SourceDraws.FewestSources)
        {
            return (difference, null);
        }

        double[] sums = new double[names.Length];
        int[] sizes = new int[names.Length];
        foreach (PairedRow row in rows)
        {
            int source = Array.BinarySearch(names, row.Source, StringComparer.Ordinal);
            sums[source] += row.Ours - row.Theirs;
            sizes[source]++;
        }

        double[] drawn = new double[SourceDraws.Draws];
        SourceDraws.ForEachDraw(names.Length, seed, (draw, counts) =>
        {
            (double sum, double n) = (0, 0);
            for (int i = 0; i < counts.Length; i++)
            {
                sum += counts[i] * sums[i];
                n += counts[i] * sizes[i];
            }

            drawn[draw] = sum / n;
        });
        return (difference, SourceDraws.Interval(drawn));
    }
}
