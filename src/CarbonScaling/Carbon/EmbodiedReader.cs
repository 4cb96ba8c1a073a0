using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Reads figures about making hardware from the catalog.</summary>
public static class EmbodiedReader
{
    private const double MetresPerMillimetre = 1e-3;

    /// <summary>The figures for the processes and the memory of a system's accelerator and for its host.</summary>
    /// <exception cref="CatalogException">An entry is missing or incomplete.</exception>
    public static EmbodiedFigures Read(Catalog catalog, NodeSystem system)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(system);
        Accelerator accelerator = system.Accelerator;
        CatalogEntry wafer = catalog.Find("embodied", "wafer");
        return new()
        {
            FabIntensity = catalog.Find("embodied", "fab-grid").Figure("intensity", Dimension.CarbonIntensity),
            Logic = Process(catalog, accelerator.ProcessNode),
            OtherLogic = accelerator.OtherDies is { } other ? Process(catalog, other.ProcessNode) : null,
            WaferDiameter = Millimetres(wafer, "diameterMillimetres"),
            EdgeExclusion = Millimetres(wafer, "edgeExclusionMillimetres"),
            Kerf = Millimetres(wafer, "kerfMillimetres"),
            Memory = catalog.Find("embodied", accelerator.MemoryType).Figure("perGigabyte", Dimension.MassPerByte),
            Interposer = catalog.Find("embodied", "interposer").Figure("perArea", Dimension.MassPerArea),
            Board = catalog.Find("embodied", "board-and-thermal").Figure("perDevice", Dimension.Mass),
            Host = catalog.Find("embodied", system.HostEmbodied).Figure("perNode", Dimension.Mass),
            NetworkPerWatt = catalog.Find("embodied", "network").Figure("perWatt", Dimension.MassPerPower),
        };
    }

    private static LogicProcess Process(Catalog catalog, string node)
    {
        CatalogEntry logic = catalog.Find("embodied", "logic-" + node);
        return new()
        {
            EnergyPerArea = logic.Figure("energyPerArea", Dimension.EnergyPerArea),
            GasPerArea = logic.Figure("gasPerArea", Dimension.MassPerArea),
            MaterialsPerArea = logic.Figure("materialsPerArea", Dimension.MassPerArea),
            DefectDensity = logic.Figure("defectDensity", Dimension.PerArea),
            Clustering = logic.Figure("clusteringAlpha", Dimension.None),
            SalvagedShare = logic.Figure("sellableShare", Dimension.None),
        };
    }

    private static Figure Millimetres(CatalogEntry entry, string name)
    {
        Figure figure = entry.Figure(name, Dimension.None);
        return figure with { Value = figure.Value * MetresPerMillimetre, Unit = "m" };
    }
}
