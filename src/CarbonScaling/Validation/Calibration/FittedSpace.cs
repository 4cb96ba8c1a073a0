using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Calibration;

/// <summary>The fitted parameters over a set of priors: how logarithms of multipliers make figures.</summary>
/// <remarks>
/// A figure is its prior times the multipliers of all parameters that it stands under. One that cannot exceed 1 has
/// its odds p/(1 − p) multiplied instead, to the power 1/(1 − prior): near its prior it moves as any other, and it
/// never reaches 1.
/// </remarks>
internal sealed class FittedSpace
{
    private readonly ModelParameters _priors;
    private readonly Slot[] _slots;

    private FittedSpace(FitDeclaration declaration, ModelParameters priors, Slot[] slots)
    {
        Declaration = declaration;
        _priors = priors;
        _slots = slots;
        Positions = slots.Select(static (slot, position) => (slot, position))
            .ToDictionary(static each => each.slot.Prior.Name, static each => each.position, StringComparer.Ordinal);
    }

    /// <summary>What is declared.</summary>
    public FitDeclaration Declaration { get; }

    /// <summary>The set without any data.</summary>
    public ModelParameters Priors => _priors;

    /// <summary>Fitted parameters.</summary>
    public int Count => Declaration.Parameters.Count;

    /// <summary>The figures that are multiplied, by their names as inputs of a trace, with their positions.</summary>
    public IReadOnlyDictionary<string, int> Positions { get; }

    /// <summary>Finds the figures of every parameter.</summary>
    /// <exception cref="CatalogException">A parameter has none, or one that it cannot multiply.</exception>
    public static FittedSpace Of(FitDeclaration declaration, ModelParameters priors, Catalog catalog)
    {
        FigurePattern.Names names = new(catalog);
        SortedDictionary<string, List<int>> members = new(StringComparer.Ordinal);
        for (int parameter = 0; parameter < declaration.Parameters.Count; parameter++)
        {
            DeclaredParameter declared = declaration.Parameters[parameter];
            FigurePattern[] patterns = [.. declared.Figures.Select(text => FigurePattern.Of(text, names))];
            string[] found = [.. priors.Figures.Keys.Where(name => patterns.Any(pattern => pattern.Matches(name, declared.Index)))];
            if (found.Length == 0)
            {
                throw new CatalogException($"fits/{declaration.Id}: the parameter '{declared.Id}' multiplies no figure of {priors.Id}: {string.Join(", ", declared.Figures)}");
            }

            foreach (string name in found)
            {
                members.TryAdd(name, []);
                members[name].Add(parameter);
            }
        }

        FigurePattern[] shares = [.. declaration.Shares.Select(text => FigurePattern.Of(text, names))];
        Dictionary<FitIndex, string> any = [];
        return new(declaration, priors, [.. members.Select(member =>
        {
            Figure prior = priors[member.Key];
            bool share = shares.Any(pattern => pattern.Matches(member.Key, any));
            return prior.Value > 0 && (!share || prior.Value < 1)
                ? new Slot(member.Key, prior, share, [.. member.Value])
                : throw new CatalogException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"fits/{declaration.Id}: {member.Key} = {prior.Value:R} cannot be multiplied; allowed: above 0{(share ? " and below 1, for it is a share" : "")}"));
        })]);
    }

    /// <summary>The values of the figures.</summary>
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

    /// <summary>The whole set with the figures of some multipliers.</summary>
    /// <param name="id">The name of the set.</param>
    /// <param name="logs">Logarithms of the multipliers.</param>
    public ModelParameters Apply(string id, ReadOnlySpan<double> logs)
    {
        Dictionary<string, Figure> figures = new(_priors.Figures, StringComparer.Ordinal);
        foreach (Slot slot in _slots)
        {
            figures[slot.Name] = slot.Prior with { Value = slot.At(logs).Value };
        }

        return new(id, figures);
    }

    /// <summary>A figure and the parameters that multiply it.</summary>
    private sealed record Slot(string Name, Figure Prior, bool IsShare, int[] Parameters)
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
                return (Prior.Value * Math.Exp(sum), 1);
            }

            double odds = Prior.Value / (1 - Prior.Value) * Math.Exp(sum / (1 - Prior.Value));
            double share = double.IsInfinity(odds) ? 1 : odds / (1 + odds);
            return (share, (1 - share) / (1 - Prior.Value));
        }
    }
}
