using CarbonScaling.Planning;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Errors of a fit: of |predicted / measured − 1|, as shares.</summary>
/// <param name="Mape">Mean over all observations.</param>
/// <param name="MedianApe">Median over all observations.</param>
/// <param name="MeanOfSources">Mean over the sources of their means.</param>
/// <param name="MedianOfSources">Median over the sources of their means.</param>
public sealed record CalibrationErrors(double Mape, double MedianApe, double MeanOfSources, double MedianOfSources)
{
    /// <summary>The errors of some residuals; all 0 without any.</summary>
    internal static CalibrationErrors Of(IReadOnlyList<Observation> observations, IReadOnlyList<double> residuals)
    {
        if (residuals.Count == 0)
        {
            return new(0, 0, 0, 0);
        }

        double[] errors = [.. residuals.Select(static residual => Math.Abs(Math.Exp(residual) - 1))];
        double[] sources = [.. observations.Zip(errors)
            .GroupBy(static pair => pair.First.Source, static pair => pair.Second, StringComparer.Ordinal)
            .Select(static source => source.Average())
            .Order()];
        return new(errors.Average(), ErrorMetrics.Quantile([.. errors.Order()], 0.5), sources.Average(), ErrorMetrics.Quantile(sources, 0.5));
    }
}

/// <summary>What the intervals of sources that were not fitted hold, with spreads that have not seen them either.</summary>
/// <param name="Coverage">Share of the measurements inside their 90 % intervals.</param>
/// <param name="LeastSource">The source with the least such share among those of ten observations or more; empty without one.</param>
/// <param name="LeastSourceCoverage">That share.</param>
/// <param name="MedianWidth">Median half width as a share of the prediction.</param>
public sealed record CalibrationIntervals(double Coverage, string LeastSource, double LeastSourceCoverage, double MedianWidth)
{
    private const int FewestObservations = 10;

    /// <summary>The intervals of errors on sources that were left out.</summary>
    internal static CalibrationIntervals Of(IReadOnlyList<LeftOutError> errors, Func<LeftOutError, double> residualSpread)
    {
        (string Source, bool Inside, double Width)[] rows = [.. errors.Select(error =>
        {
            double half = Intervals.StandardDeviations * Math.Sqrt(error.Variance + Math.Pow(residualSpread(error), 2));
            return (error.Source, Math.Abs(error.Residual) <= half, (Math.Exp(half) - Math.Exp(-half)) / 2);
        })];
        static double Share(IEnumerable<(string Source, bool Inside, double Width)> some) => some.Average(static row => row.Inside ? 1.0 : 0);
        (string Source, double Share) least = rows
            .GroupBy(static row => row.Source, StringComparer.Ordinal)
            .Where(static source => source.Count() >= FewestObservations)
            .Select(static source => (source.Key, Share(source)))
            .OrderBy(static source => source.Item2)
            .ThenBy(static source => source.Key, StringComparer.Ordinal)
            .FirstOrDefault((Key: "", 1.0));
        return new(Share(rows), least.Source, least.Share, ErrorMetrics.Quantile([.. rows.Select(static row => row.Width).Order()], 0.5));
    }
}
