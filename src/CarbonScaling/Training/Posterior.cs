using System.Buffers.Binary;
using System.Security.Cryptography;
using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>How sure calibrated figures are, and where they come from.</summary>
internal sealed class Posterior
{
    private const string Source = "calibration";
    private const int DigestCharacters = 16;

    private readonly MultiplierMap _map;
    private readonly double[] _logs;
    private readonly double[,] _covariance;
    private readonly Lazy<bool> _hasPriorsOfFit;
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>Joins a fit and the priors.</summary>
    public Posterior(CalibratedSet set, MultiplierMap map, double[] logs, double[,] covariance, ResidualSpreads residuals)
    {
        Set = set;
        Residuals = residuals;
        _map = map;
        _logs = logs;
        _covariance = covariance;
        _hasPriorsOfFit = new(() => MultiplierMap.DigestOf(map.Priors) == set.PriorsDigest);
    }

    /// <summary>The fit.</summary>
    public CalibratedSet Set { get; }

    /// <summary>What is left unexplained.</summary>
    public ResidualSpreads Residuals { get; }

    /// <summary>Whether the priors are those of the fit.</summary>
    public bool HasPriorsOfFit => _hasPriorsOfFit.Value;

    /// <summary>A short name for all that the spread of a result follows from beside the figures.</summary>
    public string Digest()
    {
        double[] numbers =
        [
            .. _logs,
            .. _covariance.Cast<double>(),
            Residuals.Pooled,
            .. ResidualSpreads.Classes.Select(each => Residuals.ByClass.GetValueOrDefault(each, Residuals.Pooled)),
            Residuals.PerDoubling,
            Residuals.Unseen,
        ];
        byte[] bytes = new byte[numbers.Length * sizeof(double)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), numbers[i]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..DigestCharacters];
    }

    /// <summary>A calibrated figure.</summary>
    /// <param name="key">Its name in the set.</param>
    /// <param name="name">Its name as an input.</param>
    public Figure Calibrated(string key, string name)
    {
        _keys[name] = key;
        (double value, double slope) = _map.At(key, _logs);
        double variance = slope * slope * VarianceOf(_map.ParametersOf(key));
        return _map.Priors[key] with
        {
            Name = name,
            Value = value,
            Source = Source,
            Status = FigureStatus.Computed,
            Spread = Math.Sqrt(variance + OwnVariance(key)),
        };
    }

    /// <summary>What an input is the product of; null where it is not calibrated.</summary>
    public FigureOrigin? OriginOf(Figure input)
    {
        if (!_keys.TryGetValue(input.Name, out string? key))
        {
            return null;
        }

        Equation equation = _map.IsShare(key) ? Equations.CalibratedShare : Equations.CalibratedFigure;
        IEnumerable<Figure> factors = _map.ParametersOf(key).Select(parameter => new Figure(
            $"{Set.Id}.multiplier.{Set.Parameters[parameter].Id}",
            Math.Exp(_logs[parameter]),
            "1",
            Source,
            FigureStatus.Computed,
            Math.Sqrt(Math.Max(0, _covariance[parameter, parameter]))));
        return new(equation with { Quantity = input.Name, Unit = input.Unit }, [_map.Priors[key], .. factors]);
    }

    /// <summary>Variance of the logarithm of a result.</summary>
    /// <param name="inputs">How the result moves with its inputs.</param>
    public double Variance(IEnumerable<InputSensitivity> inputs)
    {
        double[] gradient = new double[_logs.Length];
        double own = 0;
        foreach (InputSensitivity input in inputs)
        {
            if (!_keys.TryGetValue(input.Input.Name, out string? key))
            {
                own += Square(input.Elasticity * input.Input.Spread);
                continue;
            }

            own += Square(input.Elasticity) * OwnVariance(key);
            double slope = input.Elasticity * _map.At(key, _logs).Slope;
            foreach (int parameter in _map.ParametersOf(key))
            {
                gradient[parameter] += slope;
            }
        }

        double joint = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            for (int j = 0; j < gradient.Length; j++)
            {
                joint += gradient[i] * _covariance[i, j] * gradient[j];
            }
        }

        return Math.Max(0, joint) + own;
    }

    // What the spread of the prior has beyond that of its multipliers: a figure under a general multiplier alone, such as
    // that of a device of which nothing was measured, keeps most of its own.
    private double OwnVariance(string key) => Math.Max(
        0, Square(_map.Priors[key].Spread) - _map.ParametersOf(key).Sum(parameter => Square(Set.Parameters[parameter].DeclaredSpread)));

    private double VarianceOf(IReadOnlyList<int> parameters)
    {
        double sum = 0;
        foreach (int i in parameters)
        {
            foreach (int j in parameters)
            {
                sum += _covariance[i, j];
            }
        }

        return Math.Max(0, sum);
    }

    private static double Square(double value) => value * value;
}
