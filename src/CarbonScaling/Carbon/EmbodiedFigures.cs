using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Figures about making hardware that do not come with the accelerator, in base units.</summary>
public sealed record EmbodiedFigures
{
    /// <summary>Emissions of the fab's electricity, in kg/J.</summary>
    public required Figure FabIntensity { get; init; }

    /// <summary>The process of the compute dies.</summary>
    public required LogicProcess Logic { get; init; }

    /// <summary>The process of the package's other dies; null where it has none.</summary>
    public LogicProcess? OtherLogic { get; init; }

    /// <summary>Diameter of a wafer, in m.</summary>
    public required Figure WaferDiameter { get; init; }

    /// <summary>Width of its unusable edge, in m.</summary>
    public required Figure EdgeExclusion { get; init; }

    /// <summary>Width of the saw line, in m.</summary>
    public required Figure Kerf { get; init; }

    /// <summary>Emissions of the device's memory, in kg/B.</summary>
    public required Figure Memory { get; init; }

    /// <summary>Emissions of interposers, in kg/m².</summary>
    public required Figure Interposer { get; init; }

    /// <summary>Board, cooling and mechanics, in kg per package.</summary>
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
        T board = T.Input(Board);
        return new(
            Logic.Lift<T>(device.Dies, device.DieArea, FabIntensity),
            new(T.Input(Memory)),
            new(T.Input(device.MemoryInstalled)),
            new(T.Input(Interposer)),
            device.InterposerArea is { } interposer ? T.Input(interposer) : null,
            new(T.Input(WaferDiameter), T.Input(EdgeExclusion), T.Input(Kerf)),
            new(device.DevicesPerPackage is { } shared ? board / T.Input(shared) : board),
            new(T.Input(Host) / T.Input(system.DevicesPerNode)),
            new(T.Input(NetworkPerWatt)),
            device.OtherDies is { } other ? OtherLogic?.Lift<T>(other.Count, other.Area, FabIntensity) : null);
    }
}
