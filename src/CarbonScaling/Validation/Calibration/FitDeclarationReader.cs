using System.Text.Json;
using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Reads what is fitted from the catalog, and refuses an index that is not one of <see cref="FitIndex"/>.</summary>
internal static class FitDeclarationReader
{
    /// <summary>The entry that says what is fitted to published steps.</summary>
    public const string Steps = "steps";

    /// <summary>Issue of principle: beyond this, a class of software is a source by another name.</summary>
    private const int MostSoftwareClasses = 5;

    /// <summary>Reads a declaration.</summary>
    /// <exception cref="CatalogException">There is none, or it declares what may not be fitted.</exception>
    public static FitDeclaration Read(Catalog catalog, string id = Steps)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Read(catalog.Find(CatalogKinds.Fits, id), catalog);
    }

    /// <summary>Reads the declaration of an entry.</summary>
    /// <exception cref="CatalogException">It declares what may not be fitted.</exception>
    internal static FitDeclaration Read(CatalogEntry entry, Catalog catalog)
    {
        Dictionary<FitIndex, IReadOnlyList<string>> allowed = AllowedValues(entry, catalog);
        List<DeclaredParameter> parameters = [];
        foreach (JsonElement written in entry.Section("parameters").EnumerateArray())
        {
            parameters.AddRange(Expand(entry, written, allowed));
        }

        if (parameters.GroupBy(static parameter => parameter.Id, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw new CatalogException($"{entry}: the parameter '{twice.Key}' is declared twice");
        }

        return new(
            entry.Id,
            parameters,
            Texts(entry.Section("shares")),
            new(
                entry.Figure("likelihood.scale").Value,
                entry.Figure("likelihood.degreesOfFreedom").Value,
                entry.Figure("sources.exponent").Value,
                entry.Figure("extrapolation.perDoubling").Value,
                entry.Figure("extrapolation.unseen").Value,
                entry.Figure("adaptation.share").Value));
    }

    private static Dictionary<FitIndex, IReadOnlyList<string>> AllowedValues(CatalogEntry entry, Catalog catalog)
    {
        string[] classes = Texts(entry.Section("softwareClasses"));
        string[] stacks = [.. Enum.GetValues<SoftwareStack>().Select(MachineLift.NameOf)];
        if (classes.Length > MostSoftwareClasses || classes.Except(stacks, StringComparer.Ordinal).Any())
        {
            throw new CatalogException(
                $"{entry}: the software classes {string.Join(", ", classes)} are not allowed; allowed: at most {MostSoftwareClasses} of {string.Join(", ", stacks)}");
        }

        return new()
        {
            [FitIndex.Generation] = [.. catalog.Ids(CatalogKinds.Accelerators)
                .Select(id => catalog.Find(CatalogKinds.Accelerators, id).Attribute("generation"))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)],
            [FitIndex.Precision] = [.. Enum.GetValues<NumberFormat>().Select(static format => format.ParameterName()).Distinct(StringComparer.Ordinal)],
            [FitIndex.AttentionKernel] =
                [.. Enum.GetValues<AttentionKernel>().Where(static kernel => kernel != AttentionKernel.Unfused).Select(DeviceParameters.NameOf)],
            [FitIndex.SoftwareClass] = classes,
        };
    }

    // One parameter for each combination of the values of its indices.
    private static IEnumerable<DeclaredParameter> Expand(
        CatalogEntry entry, JsonElement written, Dictionary<FitIndex, IReadOnlyList<string>> allowed)
    {
        string id = written.GetProperty("id").GetString()!;
        string[] figures = Texts(written.GetProperty("figures"));
        List<Dictionary<FitIndex, string>> combinations = [[]];
        foreach (FitIndex index in IndicesOf(entry, id, written))
        {
            string name = index.NameOf();
            if (figures.FirstOrDefault(figure => !figure.Contains($"{{{name}}}", StringComparison.Ordinal)) is { } without)
            {
                throw new CatalogException($"{entry}: the parameter '{id}' is by {name}, but its figures '{without}' have no {{{name}}}");
            }

            string[] values = Texts(written.GetProperty("by").GetProperty(name));
            if (values.FirstOrDefault(value => !allowed[index].Contains(value)) is { } unknown)
            {
                throw new CatalogException(
                    $"{entry}: the parameter '{id}' is by {name} '{unknown}', which is none{NearestName.Hint(unknown, allowed[index])}; allowed: {string.Join(", ", allowed[index])}");
            }

            combinations = [.. combinations.SelectMany(_ => values, (known, value) => new Dictionary<FitIndex, string>(known) { [index] = value })];
        }

        double spread = written.GetProperty("spread").GetDouble();
        if (!(spread > 0))
        {
            throw new CatalogException($"{entry}: the spread of the parameter '{id}' is {spread:R}; allowed: more than 0");
        }

        return combinations.Select(index => new DeclaredParameter(
            string.Join('.', [id, .. FitIndices.All.Where(index.ContainsKey).Select(each => index[each])]),
            index,
            figures,
            spread,
            written.GetProperty("source").GetString()!,
            written.GetProperty("why").GetString()!));
    }

    private static List<FitIndex> IndicesOf(CatalogEntry entry, string id, JsonElement written)
    {
        if (!written.TryGetProperty("by", out JsonElement by))
        {
            return [];
        }

        string[] known = [.. FitIndices.All.Select(FitIndices.NameOf)];
        foreach (JsonProperty property in by.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new CatalogException(
                    $"{entry}: the parameter '{id}' is by '{property.Name}', by which nothing may be fitted; allowed: {string.Join(", ", known)}");
            }
        }

        return [.. FitIndices.All.Where(index => by.TryGetProperty(index.NameOf(), out _))];
    }

    private static string[] Texts(JsonElement written) => written.ValueKind == JsonValueKind.Array
        ? [.. written.EnumerateArray().Select(static item => item.GetString()!)]
        : [written.GetString()!];
}
