using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Which figures of a set of priors each fitted parameter multiplies.</summary>
internal sealed class MultiplierMap
{
    private readonly Slot[] _slots;
    private readonly Dictionary<string, int> _byKey;

    private MultiplierMap(ModelParameters priors, int count, Slot[] slots)
    {
        Priors = priors;
        Count = count;
        _slots = slots;
        _byKey = slots.Select(static (slot, position) => (slot, position))
            .ToDictionary(static each => each.slot.Key, static each => each.position, StringComparer.Ordinal);
        Positions = _byKey.ToDictionary(pair => slots[pair.Value].Prior.Name, static pair => pair.Value, StringComparer.Ordinal);
    }

    /// <summary>The priors.</summary>
    public ModelParameters Priors { get; }

    /// <summary>Fitted parameters.</summary>
    public int Count { get; }

    /// <summary>The multiplied figures by the names that they have as inputs of a trace, with their positions.</summary>
    public IReadOnlyDictionary<string, int> Positions { get; }

    /// <summary>The multiplied figures, in alphabetical order.</summary>
    public IEnumerable<string> Figures => _slots.Select(static slot => slot.Key);

    /// <summary>Joins parameters and figures.</summary>
    /// <param name="priors">The priors.</param>
    /// <param name="figures">The figures of each parameter, by name.</param>
    /// <param name="isShare">Whether a figure cannot exceed 1.</param>
    /// <exception cref="CatalogException">A figure is not in the priors, or no multiplier can move it.</exception>
    public static MultiplierMap Of(ModelParameters priors, IReadOnlyList<IReadOnlyList<string>> figures, Predicate<string> isShare)
    {
        SortedDictionary<string, List<int>> members = new(StringComparer.Ordinal);
        for (int parameter = 0; parameter < figures.Count; parameter++)
        {
            foreach (string key in figures[parameter])
            {
                members.TryAdd(key, []);
                members[key].Add(parameter);
            }
        }

        return new(priors, figures.Count, [.. members.Select(member => SlotOf(priors, member.Key, [.. member.Value], isShare(member.Key)))]);
    }

    /// <summary>A short name for the values and spreads of a set.</summary>
    public static string DigestOf(ModelParameters parameters)
    {
        const int Characters = 16;
        IEnumerable<string> lines = parameters.Figures
            .OrderBy(static figure => figure.Key, StringComparer.Ordinal)
            .Select(static figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key}={figure.Value.Value:R} {figure.Value.Unit} ±{figure.Value.Spread:R}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..Characters];
    }

    /// <summary>Whether a figure is multiplied.</summary>
    public bool Has(string figure) => _byKey.ContainsKey(figure);

    /// <summary>Whether a multiplied figure cannot exceed 1.</summary>
    public bool IsShare(string figure) => _slots[_byKey[figure]].IsShare;

    /// <summary>The parameters that multiply a figure.</summary>
    public IReadOnlyList<int> ParametersOf(string figure) => _slots[_byKey[figure]].Parameters;

    /// <summary>The parameters that multiply the figure in a position.</summary>
    public IReadOnlyList<int> ParametersAt(int position) => _slots[position].Parameters;

    /// <summary>A multiplied figure.</summary>
    /// <param name="figure">Its name.</param>
    /// <param name="logs">Logarithms of the multipliers.</param>
    /// <returns>Its value, and d ln value / d ln multiplier.</returns>
    public (double Value, double Slope) At(string figure, ReadOnlySpan<double> logs) => _slots[_byKey[figure]].At(logs);

    /// <summary>All multiplied figures.</summary>
    /// <param name="logs">Logarithms of the multipliers.</param>
    /// <param name="values">Where the values go, by position.</param>
    /// <param name="slopes">Where d ln value / d ln multiplier goes, by position.</param>
    public void Fill(ReadOnlySpan<double> logs, Span<double> values, Span<double> slopes)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            (values[i], slopes[i]) = _slots[i].At(logs);
        }
    }

    /// <summary>Adds up how a result moves with the parameters.</summary>
    /// <param name="elasticities">d ln result / d ln figure by position.</param>
    /// <param name="slopes">d ln figure / d ln multiplier by position.</param>
    /// <param name="gradient">Where d ln result / d ln multiplier goes.</param>
    public void Gather(ReadOnlySpan<double> elasticities, ReadOnlySpan<double> slopes, Span<double> gradient)
    {
        gradient.Clear();
        for (int i = 0; i < _slots.Length; i++)
        {
            double own = elasticities[i] * slopes[i];
            if (own != 0)
            {
                foreach (int parameter in _slots[i].Parameters)
                {
                    gradient[parameter] += own;
                }
            }
        }
    }

    private static Slot SlotOf(ModelParameters priors, string key, int[] parameters, bool isShare)
    {
        if (!priors.Has(key))
        {
            throw new CatalogException($"{key} is no figure of {priors.Id}{NearestName.Hint(key, priors.Figures.Keys)}");
        }

        Figure prior = priors[key];
        return prior.Value > 0 && (!isShare || prior.Value < 1)
            ? new(key, prior, isShare, parameters)
            : throw new CatalogException(string.Create(
                CultureInfo.InvariantCulture,
                $"{key} = {prior.Value:R} cannot be multiplied; allowed: above 0{(isShare ? " and below 1, for it is a share" : "")}"));
    }

    /// <summary>A figure and the parameters that multiply it.</summary>
    private sealed record Slot(string Key, Figure Prior, bool IsShare, int[] Parameters)
    {
        public (double Value, double Slope) At(ReadOnlySpan<double> logs)
        {
            double sum = 0;
            foreach (int parameter in Parameters)
            {
                sum += logs[parameter];
            }

            if (!IsShare)
            {
                return (Multipliers.Figure<Scalar>(new(Prior.Value), new(sum)).Value, 1);
            }

            double share = Multipliers.Share<Scalar>(new(Prior.Value), new(sum)).Value;
            return (share, (1 - share) / (1 - Prior.Value));
        }
    }
}
