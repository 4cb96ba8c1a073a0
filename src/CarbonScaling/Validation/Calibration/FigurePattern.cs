using System.Text.RegularExpressions;
using CarbonScaling.Catalogs;

namespace CarbonScaling.Validation.Calibration;

/// <summary>
/// Names of figures, as a declaration writes them: <c>{generation}</c> and the other indices stand for one of their
/// values, <c>*</c> for anything within a part of a name and <c>**</c> for any parts.
/// </summary>
/// <remarks>
/// A figure of one device stands under the generation of the device. A pattern cannot name a device, a system, a fabric or
/// a model, so that nothing is fitted by them.
/// </remarks>
internal sealed class FigurePattern
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly string[] Things =
        [CatalogKinds.Accelerators, CatalogKinds.Systems, CatalogKinds.Fabrics, CatalogKinds.Models];

    private readonly Regex _expression;
    private readonly FitIndex[] _indices;
    private readonly Names _names;

    private FigurePattern(Regex expression, FitIndex[] indices, Names names)
    {
        _expression = expression;
        _indices = indices;
        _names = names;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="names">What names of the catalog stand for.</param>
    /// <exception cref="CatalogException">It names a thing that nothing may be fitted by.</exception>
    public static FigurePattern Of(string text, Names names)
    {
        List<FitIndex> indices = [];
        List<string> parts = [];
        foreach (string part in text.Split('.'))
        {
            if (FitIndices.All.Where(index => part == $"{{{index.NameOf()}}}").ToArray() is [var found])
            {
                indices.Add(found);
                parts.Add($"(?<{found.NameOf()}>[^.]+)");
                continue;
            }

            string expression = part == "**" ? ".+" : Regex.Escape(part).Replace("\\*", "[^.]*", StringComparison.Ordinal);
            if (names.Singled(part, new($"^{expression}$", RegexOptions.None, LongestMatch)) is { } singled)
            {
                throw new CatalogException($"the figures '{text}' are those of {singled} alone; allowed: {{generation}} and the other indices in its place");
            }

            parts.Add(expression);
        }

        return new(new($"^{string.Join("\\.", parts)}$", RegexOptions.ExplicitCapture, LongestMatch), [.. indices], names);
    }

    /// <summary>Whether a figure is meant.</summary>
    /// <param name="figure">Its name.</param>
    /// <param name="index">The values that indices must have.</param>
    public bool Matches(string figure, IReadOnlyDictionary<FitIndex, string> index)
    {
        Match match = _expression.Match(figure);
        return match.Success && _indices.All(each =>
        {
            string value = match.Groups[each.NameOf()].Value;
            string? meant = each == FitIndex.Generation ? _names.GenerationOf(value) : value;
            return meant is not null && (!index.TryGetValue(each, out string? asked) || asked == meant);
        });
    }

    /// <summary>What names of the catalog stand for in names of figures.</summary>
    internal sealed class Names
    {
        private readonly HashSet<string> _things;
        private readonly Dictionary<string, string> _generations = new(StringComparer.Ordinal);

        /// <summary>Reads them.</summary>
        public Names(Catalog catalog)
        {
            _things = [.. Things.SelectMany(catalog.Ids)];
            foreach (string device in catalog.Ids(CatalogKinds.Accelerators))
            {
                string generation = catalog.Find(CatalogKinds.Accelerators, device).Attribute("generation");
                _generations[device] = generation;
                _generations[generation] = generation;
            }
        }

        /// <summary>The generation that a generation or a device stands under; null for anything else.</summary>
        public string? GenerationOf(string name) => _generations.GetValueOrDefault(name);

        /// <summary>The only thing that a part of a pattern can mean; null where it means none or several.</summary>
        public string? Singled(string part, Regex expression)
        {
            if (_things.Contains(part) || _generations.ContainsKey(part))
            {
                return part;
            }

            return part.Contains('*', StringComparison.Ordinal) && _things.Where(thing => expression.IsMatch(thing)).ToArray() is [var only]
                ? only
                : null;
        }
    }
}
