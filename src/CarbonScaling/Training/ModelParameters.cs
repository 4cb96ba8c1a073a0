using System.Collections.Frozen;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>
/// Every tunable number of the training model, by name. Immutable: calibration, sampling and ablation make another set.
/// </summary>
public sealed class ModelParameters
{
    private readonly FrozenDictionary<string, Figure> _figures;

    /// <summary>Makes a set.</summary>
    /// <param name="id">The name of the set, for example <c>priors</c>.</param>
    /// <param name="figures">The parameters by name, in base units.</param>
    public ModelParameters(string id, IReadOnlyDictionary<string, Figure> figures)
        : this(id, figures, posterior: null)
    {
    }

    internal ModelParameters(string id, IReadOnlyDictionary<string, Figure> figures, Posterior? posterior)
    {
        Id = id;
        Posterior = posterior;
        _figures = figures.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The name of the set.</summary>
    public string Id { get; }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, Figure> Figures => _figures;

    /// <summary>How sure the figures are jointly, where they were fitted; null for priors.</summary>
    internal Posterior? Posterior { get; }

    /// <summary>One parameter.</summary>
    /// <exception cref="KeyNotFoundException">The set has no parameter of this name.</exception>
    public Figure this[string name] => _figures.TryGetValue(name, out Figure figure)
        ? figure
        : throw new KeyNotFoundException($"The parameters '{Id}' have no '{name}'.");

    /// <summary>Whether the set has a parameter.</summary>
    public bool Has(string name) => _figures.ContainsKey(name);

    /// <summary>The same set with one value replaced.</summary>
    /// <exception cref="KeyNotFoundException">The set has no parameter of this name.</exception>
    public ModelParameters With(string name, double value)
    {
        Dictionary<string, Figure> figures = new(_figures, StringComparer.Ordinal) { [name] = this[name] with { Value = value } };
        return new(Id, figures, Posterior);
    }
}
