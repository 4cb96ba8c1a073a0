using CarbonScaling.Validation.Metrics;

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

/// <summary>
/// Errors of predictions. Fractions, not percentages; null where there are too few rows. Intervals hold 95 % of 2000 draws of
/// whole sources; null with fewer than four sources.
/// </summary>
public sealed record ErrorMetrics
{
    /// <summary>Rows.</summary>
    public required int N { get; init; }

    /// <summary>Sources of the rows.</summary>
    public required int Sources { get; init; }

    /// <summary>Median of the absolute error as a fraction of the measurement.</summary>
    public double? MedianApe { get; init; }

    /// <summary>Its 90th percentile.</summary>
    public double? P90Ape { get; init; }

    /// <summary>Its mean.</summary>
    public double? Mape { get; init; }

    /// <summary>Mean over the sources of the mean of each.</summary>
    public double? SourceMeanApe { get; init; }

    /// <summary>Typical factor: exp of the root mean square of ln(prediction/measurement).</summary>
    public double? ExpRmsle { get; init; }

    /// <summary>Geometric mean of prediction over measurement: below 1, predictions are too low.</summary>
    public double? Bias { get; init; }

    /// <summary>Mean absolute error in the unit of the target.</summary>
    public double? Mae { get; init; }

    /// <summary>Root mean square error in the unit of the target.</summary>
    public double? Rmse { get; init; }

    /// <summary>Share of the variance that predictions explain: 1 − Σ(y−ŷ)²/Σ(y−ȳ)².</summary>
    public double? R2 { get; init; }

    /// <summary>The same of logarithms.</summary>
    public double? R2Log { get; init; }

    /// <summary>Share of rows off by at most 25 %.</summary>
    public double? Within25 { get; init; }

    /// <summary>Share of rows within a factor of two.</summary>
    public double? Within2x { get; init; }

    /// <summary>Share of measurements inside the 90 % interval of their prediction.</summary>
    public double? Coverage90 { get; init; }

    /// <summary>
    /// Mean interval score of the 90 % intervals in logarithms: width + 20 × the distance by which the measurement lies outside
    /// (Gneiting and Raftery 2007); less is better.
    /// </summary>
    public double? IntervalScore90 { get; init; }

    /// <summary>Median of (high/low)^½ − 1: half the width of the 90 % interval as a fraction.</summary>
    public double? MedianHalfWidth90 { get; init; }

    /// <summary>Interval of <see cref="MedianApe"/>.</summary>
    public IReadOnlyList<double>? MedianApeInterval95 { get; init; }

    /// <summary>Interval of <see cref="P90Ape"/>.</summary>
    public IReadOnlyList<double>? P90ApeInterval95 { get; init; }

    /// <summary>Interval of <see cref="Mape"/>.</summary>
    public IReadOnlyList<double>? MapeInterval95 { get; init; }

    /// <summary>Interval of <see cref="SourceMeanApe"/>.</summary>
    public IReadOnlyList<double>? SourceMeanApeInterval95 { get; init; }

    /// <summary>Interval of <see cref="ExpRmsle"/>.</summary>
    public IReadOnlyList<double>? ExpRmsleInterval95 { get; init; }

    /// <summary>Interval of <see cref="Bias"/>.</summary>
    public IReadOnlyList<double>? BiasInterval95 { get; init; }

    /// <summary>The errors of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static ErrorMetrics Of(IReadOnlyList<Comparison> rows, int seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            return new() { N = 0, Sources = 0 };
        }

        double[] errors = [.. rows.Select(static row => row.AbsoluteFraction).Order()];
        Comparison[] intervals = [.. rows.Where(static row => row.Low is not null && row.High is not null)];
        DrawnErrors drawn = SourceDraws.Of(rows, seed);
        return new()
        {
            N = rows.Count,
            Sources = rows.Select(static row => row.Source).Distinct(StringComparer.Ordinal).Count(),
            MedianApe = Quantile(errors, 0.5),
            P90Ape = Quantile(errors, 0.9),
            Mape = errors.Average(),
            SourceMeanApe = rows
                .GroupBy(static row => row.Source, static row => row.AbsoluteFraction, StringComparer.Ordinal)
                .Average(static source => source.Average()),
            ExpRmsle = Math.Exp(Math.Sqrt(rows.Average(static row => row.LogRatio * row.LogRatio))),
            Bias = Math.Exp(rows.Average(static row => row.LogRatio)),
            Mae = rows.Average(static row => Math.Abs(row.Predicted - row.Measured)),
            Rmse = Math.Sqrt(rows.Average(static row => Square(row.Predicted - row.Measured))),
            R2 = Explained([.. rows.Select(static row => (row.Measured, row.Predicted))]),
            R2Log = Explained([.. rows.Select(static row => (Math.Log(row.Measured), Math.Log(row.Predicted)))]),
            Within25 = Share(rows, static row => row.AbsoluteFraction <= 0.25),
            Within2x = Share(rows, static row => Math.Abs(row.LogRatio) <= Math.Log(2)),
            Coverage90 = intervals.Length == 0 ? null : Share(intervals, static row => row.Measured >= row.Low && row.Measured <= row.High),
            IntervalScore90 = intervals.Length == 0 ? null : intervals.Average(static row => Score(row.Measured, row.Low!.Value, row.High!.Value)),
            MedianHalfWidth90 = intervals.Length == 0
                ? null
                : Quantile([.. intervals.Select(static row => Math.Sqrt(row.High!.Value / row.Low!.Value) - 1).Order()], 0.5),
            MedianApeInterval95 = drawn.Median,
            P90ApeInterval95 = drawn.P90,
            MapeInterval95 = drawn.Mean,
            SourceMeanApeInterval95 = drawn.SourceMean,
            ExpRmsleInterval95 = drawn.ExpRmsle,
            BiasInterval95 = drawn.Bias,
        };
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

    // The penalty of a miss is 2/α with α = 0.1.
    private static double Score(double measured, double low, double high)
    {
        const double Penalty = 20;
        double y = Math.Log(measured);
        double below = Math.Max(0, Math.Log(low) - y);
        double above = Math.Max(0, y - Math.Log(high));
        return Math.Log(high / low) + (Penalty * (below + above));
    }

    private static double Share(IReadOnlyList<Comparison> rows, Func<Comparison, bool> holds) => rows.Average(row => holds(row) ? 1.0 : 0);

    private static double? Explained(IReadOnlyList<(double Measured, double Predicted)> pairs)
    {
        double mean = pairs.Average(static pair => pair.Measured);
        double spread = pairs.Sum(pair => Square(pair.Measured - mean));
        return spread > 0 ? 1 - (pairs.Sum(static pair => Square(pair.Measured - pair.Predicted)) / spread) : null;
    }

    private static double Square(double value) => value * value;
}
