namespace CarbonScaling.Validation.Calibration;

/// <summary>The most probable multipliers, and how far the data leave them open.</summary>
/// <param name="Logs">Logarithms of the multipliers.</param>
/// <param name="Covariance">Their covariance, by the curvature at the most probable ones (Laplace).</param>
/// <param name="Residuals">ln(predicted / measured) by observation.</param>
/// <param name="Iterations">Steps that were taken.</param>
/// <param name="Converged">Whether the last step was smaller than the tolerance.</param>
internal sealed record PosteriorMode(double[] Logs, double[,] Covariance, double[] Residuals, int Iterations, bool Converged)
{
    /// <summary>Variance of the logarithm of a prediction.</summary>
    /// <param name="gradient">Its derivatives by the logarithms of the multipliers.</param>
    public double Variance(ReadOnlySpan<double> gradient)
    {
        double sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            for (int j = 0; j < gradient.Length; j++)
            {
                sum += gradient[i] * Covariance[i, j] * gradient[j];
            }
        }

        return Math.Max(0, sum);
    }
}

/// <summary>
/// Finds the most probable multipliers: normal priors of their logarithms, and Student-t errors of the logarithm of
/// every observation, weighted.
/// </summary>
/// <remarks>
/// Levenberg and Marquardt's method on reweighted least squares: −ln p = Σ w (ν+1)/2 ln(1 + (r/s)²/ν) + ½ (x−μ)ᵀ P (x−μ).
/// Every search starts from the prior; a start from another fit would carry its data along.
/// </remarks>
internal sealed class PosteriorSearch(LogPrior prior, FitWeights settings)
{
    /// <summary>A step is the last when it moves no parameter by more than this share of its prior spread.</summary>
    private const double Tolerance = 1e-7;

    private const int MostIterations = 200;
    private const double FirstDamping = 1e-3;
    private const double LeastDamping = 1e-9;
    private const double MostDamping = 1e12;
    private const double DampingCut = 5;
    private const double DampingGrowth = 8;

    private int Count => prior.Mean.Length;

    /// <summary>Searches.</summary>
    /// <param name="observations">The observations.</param>
    /// <param name="weights">The weight of each; 0 for one that must not be seen.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public PosteriorMode Run(Observations observations, IReadOnlyList<double> weights, CancellationToken cancellationToken)
    {
        double[] logs = [.. prior.Mean];
        Prediction prediction = observations.Predict(logs);
        double objective = Objective(observations, prediction, weights, logs);
        double damping = FirstDamping;
        int iterations = 0;
        bool converged = false;
        while (!converged && iterations < MostIterations && damping < MostDamping)
        {
            cancellationToken.ThrowIfCancellationRequested();
            iterations++;
            (double[,] curvature, double[] descent) = Quadratic(observations, prediction, weights, logs);
            bool better = false;
            while (!better && !converged && damping < MostDamping)
            {
                double[] step = Damped(curvature, damping).Solve(descent);
                double[] next = [.. logs.Select((log, i) => log + step[i])];
                converged = !step.Where((value, i) => Math.Abs(value) > Tolerance * prior.Spreads[i]).Any();
                Prediction tried = observations.Predict(next);
                double reached = Objective(observations, tried, weights, next);
                better = reached < objective;
                if (better)
                {
                    (logs, prediction, objective) = (next, tried, reached);
                    damping = Math.Max(damping / DampingCut, LeastDamping);
                }
                else
                {
                    damping *= DampingGrowth;
                }
            }
        }

        double[,] covariance = Damped(Quadratic(observations, prediction, weights, logs).Curvature, 0).Inverse();
        return new(logs, covariance, observations.Residuals(prediction), iterations, converged);
    }

    // The curvature has the prior's precision in it, and so is positive definite.
    private PositiveDefinite Damped(double[,] curvature, double damping)
    {
        double[,] damped = (double[,])curvature.Clone();
        for (int i = 0; i < Count; i++)
        {
            damped[i, i] *= 1 + damping;
        }

        return PositiveDefinite.Factorise(damped) ?? throw new InvalidOperationException("The curvature of the fit is not positive definite.");
    }

    private double Objective(Observations observations, Prediction prediction, IReadOnlyList<double> weights, double[] logs)
    {
        double sum = 0;
        for (int i = 0; i < weights.Count; i++)
        {
            if (weights[i] > 0)
            {
                double scaled = (prediction.Logarithms[i] - observations.Logarithms[i]) / settings.Scale;
                sum += weights[i] * (settings.DegreesOfFreedom + 1) / 2 * Math.Log(1 + (scaled * scaled / settings.DegreesOfFreedom));
            }
        }

        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                sum += 0.5 * (logs[i] - prior.Mean[i]) * prior.Precision[i, j] * (logs[j] - prior.Mean[j]);
            }
        }

        return sum;
    }

    // The quadratic that has the value and slope of the objective here, and never less than it anywhere.
    private (double[,] Curvature, double[] Descent) Quadratic(
        Observations observations, Prediction prediction, IReadOnlyList<double> weights, double[] logs)
    {
        double[,] curvature = (double[,])prior.Precision.Clone();
        double[] descent = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                descent[i] -= prior.Precision[i, j] * (logs[j] - prior.Mean[j]);
            }
        }

        for (int row = 0; row < weights.Count; row++)
        {
            if (!(weights[row] > 0))
            {
                continue;
            }

            double residual = prediction.Logarithms[row] - observations.Logarithms[row];
            double scaled = residual / settings.Scale;
            double weight = weights[row] * (settings.DegreesOfFreedom + 1)
                / (settings.DegreesOfFreedom + (scaled * scaled)) / (settings.Scale * settings.Scale);
            double[] gradient = prediction.Gradients[row];
            for (int i = 0; i < Count; i++)
            {
                double own = weight * gradient[i];
                if (own == 0)
                {
                    continue;
                }

                descent[i] -= own * residual;
                for (int j = 0; j < Count; j++)
                {
                    curvature[i, j] += own * gradient[j];
                }
            }
        }

        return (curvature, descent);
    }
}
