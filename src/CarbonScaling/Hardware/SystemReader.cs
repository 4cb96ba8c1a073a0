using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>Reads systems, with their accelerators and fabrics, from the catalog.</summary>
public static class SystemReader
{
    /// <summary>Reads a system.</summary>
    /// <exception cref="CatalogException">There is no such system, or its entry is incomplete.</exception>
    public static NodeSystem Read(Catalog catalog, string id)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        CatalogEntry entry = catalog.Find("systems", id);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Accelerator = ReadAccelerator(catalog, entry.Attribute("accelerator")),
            ScaleUp = ReadFabric(catalog, entry.Attribute("scaleUp")),
            ScaleOut = ReadFabric(catalog, entry.Attribute("scaleOut")),
            DevicesPerNode = entry.Figure("devicesPerNode", Dimension.None),
            ScaleUpDomain = entry.Figure("scaleUpDomain", Dimension.None),
            NicBandwidth = entry.Figure("nicBandwidth", Dimension.Bandwidth),
            NicsPerDevice = entry.Figure("nicsPerDevice", Dimension.None),
            HostLinkBandwidth = entry.Figure("hostLinkBandwidth", Dimension.Bandwidth),
            HostPower = entry.Figure("hostPower", Dimension.Power),
        };
    }

    private static Accelerator ReadAccelerator(Catalog catalog, string id)
    {
        CatalogEntry entry = catalog.Find("accelerators", id);
        Dictionary<NumberFormat, Figure> peaks = [];
        foreach ((NumberFormat format, string name) in new[]
        {
            (NumberFormat.Fp32, "peak.fp32"),
            (NumberFormat.Fp16, "peak.fp16"),
            (NumberFormat.Bf16, "peak.bf16"),
            (NumberFormat.Fp8, "peak.fp8"),
        })
        {
            if (entry.OptionalFigure(name, Dimension.FlopRate) is { } peak)
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
            InterposerArea = entry.Figure("interposerArea", Dimension.Area),
        };
    }

    private static Fabric ReadFabric(Catalog catalog, string id)
    {
        CatalogEntry entry = catalog.Find("fabrics", id);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Bandwidth = entry.OptionalFigure("bandwidth", Dimension.Bandwidth),
            Switches = entry.Attribute("scope") == "scale-out"
                ? new(
                    entry.Figure("switchRadix", Dimension.None),
                    entry.Figure("switchPortPower", Dimension.Power),
                    entry.Figure("transceiverPower", Dimension.Power),
                    entry.Figure("nicPower", Dimension.Power))
                : null,
        };
    }
}
