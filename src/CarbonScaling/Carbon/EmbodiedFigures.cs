using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Figures about making hardware that do not come with the accelerator, in base units.</summary>
public sealed record EmbodiedFigures
{
    /// <summary>Emissions of the fab's electricity, in kg/J.</summary>
    public required Figure FabIntensity { get; init; }

    /// <summary>Energy of the fab, in J/m².</summary>
    public required Figure EnergyPerArea { get; init; }

    /// <summary>Emissions of process gases, in kg/m².</summary>
    public required Figure GasPerArea { get; init; }

    /// <summary>Emissions of materials, in kg/m².</summary>
    public required Figure MaterialsPerArea { get; init; }

    /// <summary>Defects, in 1/m².</summary>
    public required Figure DefectDensity { get; init; }

    /// <summary>Clustering parameter of the defects.</summary>
    public required Figure Clustering { get; init; }

    /// <summary>Share of the defective dies that are sold as harvested parts.</summary>
    public required Figure SalvagedShare { get; init; }

    /// <summary>Diameter of a wafer, in m.</summary>
    public required Figure WaferDiameter { get; init; }

    /// <summary>Width of its unusable edge, in m.</summary>
    public required Figure EdgeExclusion { get; init; }

    /// <summary>Width of the saw line, in m.</summary>
    public required Figure Kerf { get; init; }

    /// <summary>Emissions of high-bandwidth memory, in kg/B.</summary>
    public required Figure Memory { get; init; }

    /// <summary>Emissions of interposers, in kg/m².</summary>
    public required Figure Interposer { get; init; }

    /// <summary>Board, cooling and mechanics, in kg per device.</summary>
    public required Figure Board { get; init; }

    /// <summary>The rest of the node, in kg per node.</summary>
    public required Figure Host { get; init; }

    /// <summary>Network equipment, in kg per watt of information technology.</summary>
    public required Figure NetworkPerWatt { get; init; }

    /// <summary>The figures of a system's device as inputs of the equations.</summary>
    public EmbodiedInputs<T> Lift<T>(NodeSystem system)
        where T : struct, IReal<T>
    {
        Accelerator device = system.Accelerator;
        DieInputs<T> die = new(
            T.Input(device.Dies),
            T.Input(device.DieArea),
            new(T.Input(FabIntensity)),
            new(T.Input(EnergyPerArea)),
            new(T.Input(GasPerArea)),
            new(T.Input(MaterialsPerArea)),
            T.Input(DefectDensity),
            T.Input(Clustering),
            T.Input(SalvagedShare));
        return new(
            die,
            new(T.Input(Memory)),
            new(T.Input(device.MemoryInstalled)),
            new(T.Input(Interposer)),
            T.Input(device.InterposerArea),
            new(T.Input(WaferDiameter), T.Input(EdgeExclusion), T.Input(Kerf)),
            new(T.Input(Board)),
            new(T.Input(Host) / T.Input(system.DevicesPerNode)),
            new(T.Input(NetworkPerWatt)));
    }
}
