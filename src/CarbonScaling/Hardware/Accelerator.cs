using CarbonScaling.Units;

namespace CarbonScaling.Hardware;

/// <summary>An accelerator: what its vendor and its measurers publish, each figure with its source.</summary>
public sealed record Accelerator
{
    /// <summary>The catalog id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Name { get; init; }

    /// <summary>The device generation, which indexes efficiency and power parameters, for example <c>hopper</c> or <c>cdna3</c>.</summary>
    public required string Generation { get; init; }

    /// <summary>The type of memory, which indexes embodied factors, for example <c>hbm3e</c>.</summary>
    public required string MemoryType { get; init; }

    /// <summary>The process node of the compute dies, which indexes embodied factors, for example <c>5nm</c>.</summary>
    public required string ProcessNode { get; init; }

    /// <summary>Addressable memory in bytes.</summary>
    public required Figure MemoryCapacity { get; init; }

    /// <summary>Memory built in, in bytes; a part of it may not be addressable.</summary>
    public required Figure MemoryInstalled { get; init; }

    /// <summary>Peak memory bandwidth in B/s.</summary>
    public required Figure MemoryBandwidth { get; init; }

    /// <summary>Peak dense rate in FLOP/s of each number format that the device has.</summary>
    public required IReadOnlyDictionary<NumberFormat, Figure> Peaks { get; init; }

    /// <summary>Thermal design power in watts.</summary>
    public required Figure ThermalDesignPower { get; init; }

    /// <summary>Power in watts while a job holds the device and waits.</summary>
    public required Figure ActiveFloorPower { get; init; }

    /// <summary>Compute dies of a device.</summary>
    public required Figure Dies { get; init; }

    /// <summary>Area of one compute die in m².</summary>
    public required Figure DieArea { get; init; }

    /// <summary>Area of the interposer in m²; null where the memory stands on the board.</summary>
    public Figure? InterposerArea { get; init; }

    /// <summary>Dies of another process in the package, such as those of input and output; null where there are none.</summary>
    public OtherDies? OtherDies { get; init; }

    /// <summary>Devices, as a framework counts them, in a package; null for one.</summary>
    public Figure? DevicesPerPackage { get; init; }

    /// <summary>The format in which 16-bit work such as attention runs on this device.</summary>
    public NumberFormat SixteenBit => Peaks.ContainsKey(NumberFormat.Bf16) ? NumberFormat.Bf16 : NumberFormat.Fp16;
}

/// <summary>Dies of a package that do not compute.</summary>
/// <param name="ProcessNode">Their process node, which indexes embodied factors.</param>
/// <param name="Count">How many of them a device has.</param>
/// <param name="Area">Area of one in m².</param>
public sealed record OtherDies(string ProcessNode, Figure Count, Figure Area);
