using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Reads parameter sets from the catalog.</summary>
public static class ParametersReader
{
    /// <summary>Reads a set, in base units.</summary>
    /// <exception cref="CatalogException">There is no such set, or a figure has an unknown unit.</exception>
    public static ModelParameters Read(Catalog catalog, string id)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Of(catalog.Find(CatalogKinds.Calibration, id));
    }

    /// <summary>The set of an entry, in base units.</summary>
    internal static ModelParameters Of(CatalogEntry entry)
    {
        Dictionary<string, Figure> figures = new(StringComparer.Ordinal);
        foreach ((string name, Figure figure) in entry.Figures)
        {
            figures[name] = CatalogEntryUnits.InBaseUnit(entry, figure);
        }

        return new(entry.Id, figures);
    }
}
