using CarbonScaling.Explanation;
using CarbonScaling.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tracking;

/// <summary>How uncertain products of predicted figures are, from the spread of the inputs that they share.</summary>
internal sealed class FigureSpread(Assessment<Traced> traced)
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, InputSensitivity>> _known = new(StringComparer.Ordinal);

    /// <summary>Variance of the logarithm of a product of powers of figures: an input of all of them cancels where it does.</summary>
    public double Variance(params ReadOnlySpan<(string Path, double Power)> figures)
    {
        Dictionary<string, (double Elasticity, double Spread)> sums = new(StringComparer.Ordinal);
        foreach ((string path, double power) in figures)
        {
            foreach ((string name, InputSensitivity input) in Of(path))
            {
                double before = sums.TryGetValue(name, out (double Elasticity, double Spread) known) ? known.Elasticity : 0;
                sums[name] = (before + (power * input.Elasticity), input.Input.Spread);
            }
        }

        return sums.Values.Sum(static input => input.Elasticity * input.Elasticity * input.Spread * input.Spread);
    }

    private IReadOnlyDictionary<string, InputSensitivity> Of(string path)
    {
        if (!_known.TryGetValue(path, out IReadOnlyDictionary<string, InputSensitivity>? elasticities))
        {
            Traced value = Readings.Read(path, traced);
            _known.Add(path, elasticities = value.Node.Value == 0
                ? new Dictionary<string, InputSensitivity>(StringComparer.Ordinal)
                : Sensitivity.Elasticities(value.Node));
        }

        return elasticities;
    }
}
