using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>Reads accelerators from the catalog.</summary>
public static class AcceleratorReader
{
    /// <summary>Reads an accelerator.</summary>
    /// <exception cref="CatalogException">There is no such accelerator, or its entry is incomplete.</exception>
    public static Accelerator Read(Catalog catalog, string id)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        CatalogEntry entry = catalog.Find("accelerators", id);
        Dictionary<NumberFormat, Figure> peaks = [];
        foreach (NumberFormat format in Enum.GetValues<NumberFormat>())
        {
            if (entry.OptionalFigure("peak." + format.PeakName(), Dimension.FlopRate) is { } peak)
            {
                peaks[format] = peak;
            }
        }

        Figure capacity = entry.Figure("memoryCapacity", Dimension.Bytes);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Generation = entry.Attribute("generation"),
            MemoryType = entry.Attribute("memoryType"),
            ProcessNode = entry.Attribute("processNode"),
            MemoryCapacity = capacity,
            MemoryInstalled = entry.OptionalFigure("memoryInstalled", Dimension.Bytes) ?? capacity,
            MemoryBandwidth = entry.Figure("memoryBandwidth", Dimension.Bandwidth),
            Peaks = peaks,
            ThermalDesignPower = entry.Figure("thermalDesignPower", Dimension.Power),
            ActiveFloorPower = entry.Figure("activeFloorPower", Dimension.Power),
            Dies = entry.Figure("dies", Dimension.None),
            DieArea = entry.Figure("dieArea", Dimension.Area),
            InterposerArea = entry.OptionalFigure("interposerArea", Dimension.Area),
            OtherDies = entry.TryAttribute("otherProcessNode", out string? node)
                ? new(node, entry.Figure("otherDies", Dimension.None), entry.Figure("otherDieArea", Dimension.Area))
                : null,
            DevicesPerPackage = entry.OptionalFigure("devicesPerPackage", Dimension.None),
        };
    }
}
