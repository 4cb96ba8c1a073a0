using CarbonScaling.Catalogs;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>What is known of the logarithms of the multipliers before the data: a normal distribution.</summary>
internal sealed class LogPrior
{
    private LogPrior(double[] mean, double[] spreads, double[,] precision)
    {
        Mean = mean;
        Spreads = spreads;
        Precision = precision;
    }

    /// <summary>The means.</summary>
    public double[] Mean { get; }

    /// <summary>The standard deviations.</summary>
    public double[] Spreads { get; }

    /// <summary>The inverse of the covariance.</summary>
    public double[,] Precision { get; }

    /// <summary>Independent multipliers around 1, as declared.</summary>
    public static LogPrior Of(FitDeclaration declaration)
    {
        double[] spreads = [.. declaration.Parameters.Select(static parameter => parameter.Spread)];
        double[,] precision = new double[spreads.Length, spreads.Length];
        for (int i = 0; i < spreads.Length; i++)
        {
            precision[i, i] = 1 / (spreads[i] * spreads[i]);
        }

        return new(new double[spreads.Length], spreads, precision);
    }

    /// <summary>What an earlier fit knows, of a cluster that may differ from those that were fitted.</summary>
    /// <param name="declaration">What is declared; a parameter that the earlier fit did not have is as declared.</param>
    /// <param name="start">The earlier fit.</param>
    public static LogPrior Of(FitDeclaration declaration, CalibratedSet start)
    {
        Dictionary<string, int> places = start.Parameters
            .Select(static (parameter, place) => (parameter.Id, place))
            .ToDictionary(static each => each.Id, static each => each.place, StringComparer.Ordinal);
        int?[] known = [.. declaration.Parameters.Select(parameter => places.TryGetValue(parameter.Id, out int place) ? place : (int?)null)];
        double[,] covariance = new double[known.Length, known.Length];
        for (int i = 0; i < known.Length; i++)
        {
            double declared = declaration.Parameters[i].Spread * (known[i] is null ? 1 : declaration.Weights.AdaptationShare);
            covariance[i, i] = declared * declared;
            for (int j = 0; j < known.Length; j++)
            {
                if (known[i] is { } first && known[j] is { } second)
                {
                    covariance[i, j] += start.Covariance[first, second];
                }
            }
        }

        // The sum of a covariance and of variances.
        PositiveDefinite factors = PositiveDefinite.Factorise(covariance)
            ?? throw new CatalogException($"the covariance of the calibration '{start.Id}' is none: it is not positive definite");
        return new(
            [.. known.Select(place => place is { } at ? start.Parameters[at].Logarithm : 0)],
            [.. known.Select((_, i) => Math.Sqrt(covariance[i, i]))],
            factors.Inverse());
    }
}
