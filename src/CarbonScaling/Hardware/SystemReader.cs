using System.Globalization;
using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>Reads systems, with their accelerators and fabrics, from the catalog.</summary>
public static class SystemReader
{
    private const string LinksOfGroup = "links.";

    /// <summary>Reads a system.</summary>
    /// <exception cref="CatalogException">There is no such system, or its entry is incomplete.</exception>
    public static NodeSystem Read(Catalog catalog, string id)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        CatalogEntry entry = catalog.Find("systems", id);
        NodeSystem system = new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Accelerator = AcceleratorReader.Read(catalog, entry.Attribute("accelerator")),
            ScaleUp = ReadFabric(catalog, entry.Attribute("scaleUp")),
            Topology = ReadTopology(entry),
            ScaleOut = ReadFabric(catalog, entry.Attribute("scaleOut")),
            DevicesPerNode = entry.Figure("devicesPerNode", Dimension.None),
            ScaleUpDomain = entry.Figure("scaleUpDomain", Dimension.None),
            NicBandwidth = entry.Figure("nicBandwidth", Dimension.Bandwidth),
            NicsPerDevice = entry.Figure("nicsPerDevice", Dimension.None),
            HostLinkBandwidth = entry.Figure("hostLinkBandwidth", Dimension.Bandwidth),
            HostPower = entry.Figure("hostPower", Dimension.Power),
        };
        Check(system, entry);
        return entry.TryAttribute("hostEmbodied", out string? host) ? system with { HostEmbodied = host } : system;
    }

    private static ScaleUpTopology ReadTopology(CatalogEntry entry)
    {
        string form = entry.TryAttribute("scaleUpTopology", out string? given) ? given : "switched";
        if (form != "torus")
        {
            return form == "mesh" ? ScaleUpTopology.Mesh : ScaleUpTopology.Switched;
        }

        int[] dimensions = [.. entry.Attribute("torus").Split('x').Select(static part => int.Parse(part, CultureInfo.InvariantCulture))];
        bool optical = entry.TryAttribute("torusWrap", out string? wrap) && wrap == "multiples-of-4";
        return new(TopologyForm.Torus, dimensions, optical ? TorusWrap.MultiplesOfFour : TorusWrap.FullAxis);
    }

    private static void Check(NodeSystem system, CatalogEntry entry)
    {
        if (system.PairBandwidth is null)
        {
            string missing = system.Topology.Form == TopologyForm.Switched ? "bandwidth" : "linkBandwidth";
            throw new CatalogException($"fabrics/{system.ScaleUp.Id} states no {missing}, which {entry} needs");
        }

        int devices = system.Topology.Dimensions.Aggregate(1, static (product, length) => product * length);
        if (system.Topology.Form == TopologyForm.Torus && devices != system.ScaleUpDomain.Value)
        {
            throw new CatalogException(
                $"{entry} has a torus of {devices} devices and a scale-up domain of {system.ScaleUpDomain.Value}");
        }
    }

    private static Fabric ReadFabric(Catalog catalog, string id)
    {
        CatalogEntry entry = catalog.Find("fabrics", id);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Bandwidth = entry.OptionalFigure("bandwidth", Dimension.Bandwidth),
            LinkBandwidth = entry.OptionalFigure("linkBandwidth", Dimension.Bandwidth),
            LinksOfGroup = entry.Figures.Keys
                .Where(static name => name.StartsWith(LinksOfGroup, StringComparison.Ordinal))
                .ToDictionary(
                    static name => int.Parse(name[LinksOfGroup.Length..], CultureInfo.InvariantCulture),
                    name => entry.Figure(name, Dimension.None)),
            PortBandwidth = entry.OptionalFigure("portBandwidth", Dimension.Bandwidth),
            Switches = entry.TryFigure("switchRadix", out _)
                ? new(
                    entry.Figure("switchRadix", Dimension.None),
                    entry.Figure("switchPortPower", Dimension.Power),
                    entry.Figure("transceiverPower", Dimension.Power),
                    entry.Figure("nicPower", Dimension.Power))
                : null,
        };
    }
}
