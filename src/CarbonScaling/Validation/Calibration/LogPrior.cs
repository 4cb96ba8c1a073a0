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

    /// <summary>What an earlier fit knows.</summary>
    /// <param name="mean">The means.</param>
    /// <param name="covariance">The covariance, positive definite.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static LogPrior Of(double[] mean, double[,] covariance)
    {
        PositiveDefinite factors = PositiveDefinite.Factorise(covariance)
            ?? throw new ArgumentException("The covariance is not positive definite.", nameof(covariance));
        return new(mean, [.. mean.Select((_, i) => Math.Sqrt(covariance[i, i]))], factors.Inverse());
    }
}
