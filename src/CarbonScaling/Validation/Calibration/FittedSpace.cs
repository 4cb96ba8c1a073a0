using CarbonScaling.Catalogs;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Calibration;

/// <summary>The declared parameters with the figures that each multiplies.</summary>
/// <param name="Declaration">What is declared.</param>
/// <param name="Figures">The figures of each parameter.</param>
/// <param name="Map">Both joined with the priors.</param>
internal sealed record FittedSpace(FitDeclaration Declaration, IReadOnlyList<IReadOnlyList<string>> Figures, MultiplierMap Map)
{
    /// <summary>Standard deviation of the logarithm of an input beyond what the fitted parameters explain.</summary>
    public double OtherSpread(Figure input)
    {
        if (!Map.Positions.TryGetValue(input.Name, out int position))
        {
            return input.Spread;
        }

        double fitted = Map.ParametersAt(position).Sum(parameter => Math.Pow(Declaration.Parameters[parameter].Spread, 2));
        return Math.Sqrt(Math.Max(0, Math.Pow(input.Spread, 2) - fitted));
    }

    /// <summary>Finds the figures of every parameter.</summary>
    /// <exception cref="CatalogException">A parameter has none, or one that it cannot multiply.</exception>
    public static FittedSpace Of(FitDeclaration declaration, ModelParameters priors, Catalog catalog)
    {
        FigurePattern.Names names = new(catalog);
        FigurePattern[] Patterns(IEnumerable<string> texts) => [.. texts.Select(text => FigurePattern.Of(text, names))];
        try
        {
            string[][] figures = [.. declaration.Parameters.Select(parameter =>
            {
                FigurePattern[] patterns = Patterns(parameter.Figures);

                // What is nothing stays nothing under any multiplier.
                return priors.Figures.Keys
                    .Where(key => priors[key].Value != 0 && patterns.Any(pattern => pattern.Matches(key, parameter.Index)))
                    .Order(StringComparer.Ordinal)
                    .ToArray();
            })];
            int idle = Array.FindIndex(figures, static found => found.Length == 0);
            if (idle >= 0)
            {
                DeclaredParameter parameter = declaration.Parameters[idle];
                throw new CatalogException($"the parameter '{parameter.Id}' multiplies no figure of {priors.Id}: {string.Join(", ", parameter.Figures)}");
            }

            FigurePattern[] shares = Patterns(declaration.Shares);
            Dictionary<FitIndex, string> any = [];
            return new(declaration, figures, MultiplierMap.Of(priors, figures, key => shares.Any(pattern => pattern.Matches(key, any))));
        }
        catch (CatalogException refused)
        {
            throw new CatalogException($"fits/{declaration.Id}: {refused.Message}", refused);
        }
    }
}
