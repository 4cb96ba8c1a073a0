using CarbonScaling.Units;

namespace CarbonScaling.Catalogs;

/// <summary>Reads figures of an entry in the units in which equations compute.</summary>
public static class CatalogEntryUnits
{
    /// <summary>A figure in the base unit of its dimension.</summary>
    /// <exception cref="CatalogException">The entry has no such figure, or its unit is not of the dimension.</exception>
    public static Figure Figure(this CatalogEntry entry, string name, Dimension dimension)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return InBaseUnit(entry, entry.Figure(name), dimension);
    }

    /// <summary>A figure in the base unit of its dimension, or null where the entry has none of this name.</summary>
    /// <exception cref="CatalogException">The unit of the figure is not of the dimension.</exception>
    public static Figure? OptionalFigure(this CatalogEntry entry, string name, Dimension dimension)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.TryFigure(name, out Figure figure) ? InBaseUnit(entry, figure, dimension) : null;
    }

    /// <summary>A figure in the base unit of whatever dimension its unit is of.</summary>
    /// <exception cref="CatalogException">The unit is not known.</exception>
    internal static Figure InBaseUnit(CatalogEntry entry, Figure figure)
    {
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            if (UnitText.IsUnit(figure.Unit, dimension))
            {
                return InBaseUnit(entry, figure, dimension);
            }
        }

        throw new CatalogException($"{entry}: {figure.Name} is in '{figure.Unit}', which is no known unit");
    }

    private static Figure InBaseUnit(CatalogEntry entry, Figure figure, Dimension dimension)
    {
        if (!UnitText.IsUnit(figure.Unit, dimension))
        {
            throw new CatalogException($"{entry}: {figure.Name} is in '{figure.Unit}'; allowed: a unit of {dimension}");
        }

        return figure with
        {
            Value = UnitText.Convert(figure.Value, figure.Unit, dimension),
            Unit = dimension == Dimension.None ? figure.Unit : UnitText.BaseUnit(dimension),
        };
    }
}
