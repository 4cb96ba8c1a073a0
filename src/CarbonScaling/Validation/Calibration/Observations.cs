using CarbonScaling.Explanation;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Observations ready to be evaluated for any multipliers.</summary>
/// <remarks>They are kept in the order of their ids, so that sums do not depend on the order in which they come.</remarks>
internal sealed class Observations
{
    private readonly FittedSpace _space;
    private readonly TraceTape[] _tapes;

    private Observations(FittedSpace space, Observation[] all, TraceTape[] tapes, double[] otherVariances)
    {
        OtherVariances = otherVariances;
        _space = space;
        All = all;
        _tapes = tapes;
        Logarithms = [.. all.Select(static observation => Math.Log(observation.Measured))];
    }

    /// <summary>The observations in order.</summary>
    public IReadOnlyList<Observation> All { get; }

    /// <summary>Logarithms of what was measured.</summary>
    public IReadOnlyList<double> Logarithms { get; }

    /// <summary>Variances of the logarithms of predictions by what is not fitted.</summary>
    public IReadOnlyList<double> OtherVariances { get; }

    /// <summary>Records observations.</summary>
    /// <param name="observations">The observations, in any order.</param>
    /// <param name="space">The fitted parameters.</param>
    /// <param name="parallel">How to run.</param>
    public static Observations Record(IEnumerable<Observation> observations, FittedSpace space, ParallelOptions parallel)
    {
        Observation[] all = [.. observations
            .OrderBy(static observation => observation.Id, StringComparer.Ordinal)
            .ThenBy(static observation => observation.Figure, StringComparer.Ordinal)
            .ThenBy(static observation => observation.Measured)];
        TraceTape[] tapes = new TraceTape[all.Length];
        double[] others = new double[all.Length];
        Parallel.For(0, all.Length, parallel, index => (tapes[index], others[index]) = all[index].Record(space));
        return new(space, all, tapes, others);
    }

    /// <summary>ln(predicted / measured) of all.</summary>
    /// <param name="logs">Logarithms of the multipliers.</param>
    public double[] Residuals(ReadOnlySpan<double> logs) => Residuals(Predict(logs));

    /// <summary>ln(predicted / measured) of all.</summary>
    public double[] Residuals(Prediction prediction) => [.. prediction.Logarithms.Select((log, i) => log - Logarithms[i])];

    /// <summary>Predicts all.</summary>
    /// <param name="logs">Logarithms of the multipliers.</param>
    /// <returns>Logarithms of the predictions, and their derivatives by the logarithms of the multipliers.</returns>
    public Prediction Predict(ReadOnlySpan<double> logs)
    {
        int figures = _space.Map.Positions.Count;
        double[] values = new double[figures];
        double[] slopes = new double[figures];
        double[] elasticities = new double[figures];
        _space.Map.Fill(logs, values, slopes);
        double[] predicted = new double[_tapes.Length];
        double[][] gradients = new double[_tapes.Length][];
        for (int i = 0; i < _tapes.Length; i++)
        {
            predicted[i] = Math.Log(_tapes[i].Evaluate(values, elasticities));
            gradients[i] = new double[_space.Map.Count];
            _space.Map.Gather(elasticities, slopes, gradients[i]);
        }

        return new(predicted, gradients);
    }
}

/// <summary>Logarithms of predictions.</summary>
/// <param name="Logarithms">By observation.</param>
/// <param name="Gradients">Derivatives by observation and parameter.</param>
internal sealed record Prediction(double[] Logarithms, double[][] Gradients);
