namespace CarbonScaling.Validation;

/// <summary>A prediction beside its measurement.</summary>
/// <param name="Source">The source of the measurement.</param>
/// <param name="Measured">The measurement, above 0.</param>
/// <param name="Predicted">The prediction, above 0.</param>
/// <param name="Low">Low end of its interval; null without one.</param>
/// <param name="High">High end of its interval.</param>
public readonly record struct Comparison(string Source, double Measured, double Predicted, double? Low = null, double? High = null)
{
    /// <summary>Absolute error as a fraction of the measurement.</summary>
    public double AbsoluteFraction => Math.Abs((Predicted / Measured) - 1);

    /// <summary>Natural logarithm of prediction over measurement.</summary>
    public double LogRatio => Math.Log(Predicted / Measured);
}

/// <summary>Errors of predictions. Fractions, not percentages; null where there are too few rows.</summary>
/// <param name="N">Rows.</param>
/// <param name="Sources">Sources of the rows.</param>
/// <param name="MedianApe">Median of the absolute error as a fraction of the measurement.</param>
/// <param name="P90Ape">Its 90th percentile.</param>
/// <param name="Mape">Its mean.</param>
/// <param name="ExpRmsle">Typical factor: exp of the root mean square of ln(prediction/measurement).</param>
/// <param name="Bias">Geometric mean of prediction over measurement: below 1, predictions are too low.</param>
/// <param name="Mae">Mean absolute error in the unit of the target.</param>
/// <param name="Rmse">Root mean square error in the unit of the target.</param>
/// <param name="R2">Share of the variance that predictions explain: 1 − Σ(y−ŷ)²/Σ(y−ȳ)².</param>
/// <param name="R2Log">The same of logarithms.</param>
/// <param name="Within25">Share of rows off by at most 25 %.</param>
/// <param name="Coverage90">Share of measurements inside the 90 % interval of their prediction.</param>
/// <param name="MedianApeInterval95">95 % interval of the median error, by resampling whole sources; null with fewer than four.</param>
public sealed record ErrorMetrics(
    int N,
    int Sources,
    double? MedianApe,
    double? P90Ape,
    double? Mape,
    double? ExpRmsle,
    double? Bias,
    double? Mae,
    double? Rmse,
    double? R2,
    double? R2Log,
    double? Within25,
    double? Coverage90,
    IReadOnlyList<double>? MedianApeInterval95)
{
    private const int Resamples = 2000;
    private const int FewestSources = 4;

    /// <summary>The errors of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">Seed of the resampling.</param>
    public static ErrorMetrics Of(IReadOnlyList<Comparison> rows, int seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            return new(0, 0, null, null, null, null, null, null, null, null, null, null, null, null);
        }

        double[] errors = [.. rows.Select(static row => row.AbsoluteFraction).Order()];
        Comparison[] intervals = [.. rows.Where(static row => row.Low is not null && row.High is not null)];
        return new(
            rows.Count,
            rows.Select(static row => row.Source).Distinct(StringComparer.Ordinal).Count(),
            Quantile(errors, 0.5),
            Quantile(errors, 0.9),
            errors.Average(),
            Math.Exp(Math.Sqrt(rows.Average(static row => row.LogRatio * row.LogRatio))),
            Math.Exp(rows.Average(static row => row.LogRatio)),
            rows.Average(static row => Math.Abs(row.Predicted - row.Measured)),
            Math.Sqrt(rows.Average(static row => Square(row.Predicted - row.Measured))),
            Explained([.. rows.Select(static row => (row.Measured, row.Predicted))]),
            Explained([.. rows.Select(static row => (Math.Log(row.Measured), Math.Log(row.Predicted)))]),
            rows.Average(static row => row.AbsoluteFraction <= 0.25 ? 1.0 : 0),
            intervals.Length == 0 ? null : intervals.Average(static row => row.Measured >= row.Low && row.Measured <= row.High ? 1.0 : 0),
            MedianInterval(rows, seed));
    }

    /// <summary>A quantile of sorted values, by linear interpolation between them.</summary>
    /// <param name="sorted">The values in ascending order, at least one.</param>
    /// <param name="probability">From 0 to 1.</param>
    internal static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        double position = probability * (sorted.Length - 1);
        int below = (int)position;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((position - below) * (above - sorted[below]));
    }

    // Rows of a source share its method and its machine, so that it is sources that are drawn.
    private static double[]? MedianInterval(IReadOnlyList<Comparison> rows, int seed)
    {
        double[][] sources = [.. rows
            .GroupBy(static row => row.Source, static row => row.AbsoluteFraction, StringComparer.Ordinal)
            .OrderBy(static source => source.Key, StringComparer.Ordinal)
            .Select(static source => source.ToArray())];
        if (sources.Length < FewestSources)
        {
            return null;
        }

        Random random = new(seed);
        double[] medians = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            double[] drawn = [.. Enumerable.Range(0, sources.Length).SelectMany(_ => sources[random.Next(sources.Length)])];
            Array.Sort(drawn);
            medians[i] = Quantile(drawn, 0.5);
        }

        Array.Sort(medians);
        return [Quantile(medians, 0.025), Quantile(medians, 0.975)];
    }

    private static double? Explained(IReadOnlyList<(double Measured, double Predicted)> pairs)
    {
        double mean = pairs.Average(static pair => pair.Measured);
        double spread = pairs.Sum(pair => Square(pair.Measured - mean));
        return spread > 0 ? 1 - (pairs.Sum(static pair => Square(pair.Measured - pair.Predicted)) / spread) : null;
    }

    private static double Square(double value) => value * value;
}
