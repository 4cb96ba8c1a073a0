using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The result of a fit: what multiplies the priors, and how sure that is.</summary>
public sealed record CalibratedSet
{
    internal CalibratedSet(
        IReadOnlyList<FittedParameter> parameters, double[,] covariance, ResidualSpreads residuals, CalibratedRange range)
    {
        Parameters = parameters;
        Covariance = covariance;
        Residuals = residuals;
        Range = range;
    }

    /// <summary>The name of the set.</summary>
    public required string Id { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>The name of the set that it multiplies: <c>priors</c>, or <c>calibrated</c> where it adapts that to a cluster.</summary>
    public string Base { get; init; } = "priors";

    /// <summary>The digest of the priors that it multiplies.</summary>
    public required string PriorsDigest { get; init; }

    /// <summary>The fitted parameters.</summary>
    public IReadOnlyList<FittedParameter> Parameters { get; }

    /// <summary>Figures that cannot exceed 1.</summary>
    public required IReadOnlySet<string> Shares { get; init; }

    /// <summary>Covariance of the logarithms of the multipliers.</summary>
    internal double[,] Covariance { get; }

    /// <summary>What is left unexplained.</summary>
    internal ResidualSpreads Residuals { get; }

    /// <summary>What the measurements reach.</summary>
    internal CalibratedRange Range { get; }

    /// <summary>The fits without each source.</summary>
    internal IReadOnlyDictionary<string, LeftOutFit> WithoutSource { get; init; } = new Dictionary<string, LeftOutFit>(StringComparer.Ordinal);

    /// <summary>Logarithms of the multipliers.</summary>
    internal double[] Logs => [.. Parameters.Select(static parameter => parameter.Logarithm)];

    /// <summary>The priors under the multipliers.</summary>
    /// <exception cref="CatalogException">The set multiplies what the priors do not have.</exception>
    public ModelParameters Apply(ModelParameters priors) => Apply(priors, Id, Logs, Covariance, Residuals);

    /// <summary>The priors under the multipliers that were fitted without a source; of one that was not fitted, as they are.</summary>
    /// <exception cref="CatalogException">The set multiplies what the priors do not have.</exception>
    public ModelParameters ApplyWithout(string source, ModelParameters priors) => WithoutSource.TryGetValue(source, out LeftOutFit? fit)
        ? Apply(priors, $"{Id} without {source}", [.. fit.Logs], fit.Covariance, fit.Residuals)
        : Apply(priors);

    private ModelParameters Apply(
        ModelParameters priors, string id, double[] logs, double[,] covariance, ResidualSpreads residuals)
    {
        ArgumentNullException.ThrowIfNull(priors);
        MultiplierMap map = MultiplierMap.Of(priors, [.. Parameters.Select(static parameter => parameter.Figures)], Shares.Contains);
        Posterior posterior = new(this, map, logs, covariance, residuals);
        Dictionary<string, Figure> figures = new(StringComparer.Ordinal);
        foreach ((string key, Figure prior) in priors.Figures)
        {
            figures[key] = map.Has(key) ? posterior.Calibrated(key, $"{id}.{key}") : prior;
        }

        return new(id, figures, posterior);
    }
}

/// <summary>A fit that has not seen a source.</summary>
/// <param name="Logs">Logarithms of the multipliers.</param>
/// <param name="Covariance">Their covariance.</param>
/// <param name="Residuals">What is left unexplained, by the other sources.</param>
internal sealed record LeftOutFit(IReadOnlyList<double> Logs, double[,] Covariance, ResidualSpreads Residuals);
