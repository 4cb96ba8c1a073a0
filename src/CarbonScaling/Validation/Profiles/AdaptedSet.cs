using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Profiles;

/// <summary>A parameter set under the overall parameters of a cluster.</summary>
/// <remarks>
/// A parameter is its prior times the multipliers of all families that it stands in. A share, which cannot exceed 1, has its
/// odds multiplied, to the power 1/(1 − prior): near its prior it moves as any other, and never reaches 1.
/// </remarks>
internal sealed class AdaptedSet
{
    private readonly Dictionary<string, int[]> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public AdaptedSet(ModelParameters priors, IReadOnlyList<NodeSystem> systems)
    {
        Priors = priors;
        foreach (string name in priors.Figures.Keys)
        {
            int[] families = [.. Enumerable.Range(0, OverallParameter.All.Count)
                .Where(family => systems.Any(system => OverallParameter.All[family].Covers(name, system)))];
            if (families.Length > 0 && priors[name].Value > 0)
            {
                _members.Add(name, families);
                _names.Add(priors[name].Name, name);
            }
        }
    }

    /// <summary>The set without any measurement.</summary>
    public ModelParameters Priors { get; }

    /// <summary>The names of the parameters that are multiplied.</summary>
    public IReadOnlyCollection<string> Names => _members.Keys;

    /// <summary>Whether a multiplier has any parameter.</summary>
    public bool Has(int family) => _members.Values.Any(families => families.Contains(family));

    /// <summary>The families of a parameter; none where it is not multiplied.</summary>
    public IReadOnlyList<int> FamiliesOf(string name) => _members.GetValueOrDefault(name, []);

    /// <summary>The parameter that is an input of a trace; null where the input is none that is multiplied.</summary>
    public string? NameOf(string input) => _names.GetValueOrDefault(input);

    /// <summary>A parameter under multipliers, and d ln parameter / d ln multiplier.</summary>
    public (double Value, double Slope) At(string name, double[] logs)
    {
        double prior = Priors[name].Value;
        double sum = _members[name].Sum(family => logs[family]);
        if (!IsShare(name) || prior >= 1)
        {
            return (prior * Math.Exp(sum), 1);
        }

        double odds = prior / (1 - prior) * Math.Exp(sum / (1 - prior));
        double share = odds / (1 + odds);
        return (share, (1 - share) / (1 - prior));
    }

    /// <summary>The whole set.</summary>
    public ModelParameters Apply(double[] logs)
    {
        Dictionary<string, Figure> figures = new(Priors.Figures, StringComparer.Ordinal);
        foreach (string name in _members.Keys)
        {
            figures[name] = Priors[name] with { Value = At(name, logs).Value };
        }

        return new(Priors.Id, figures);
    }

    private static bool IsShare(string name) =>
        name.EndsWith("efficiency", StringComparison.Ordinal) || name.StartsWith("memory.efficiency", StringComparison.Ordinal);
}
