using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>What making a device, its host and its network emits. Areas in m², per-area figures per m².</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Die">The compute dies.</param>
/// <param name="Memory">Emissions of the device's memory per byte.</param>
/// <param name="MemoryCapacity">Its size.</param>
/// <param name="Interposer">Emissions of interposers per m² of wafer.</param>
/// <param name="InterposerArea">Area of an interposer in m²; null where there is none.</param>
/// <param name="Wafer">The wafer on which dies and interposers are made.</param>
/// <param name="Board">Board, cooling and mechanics per device.</param>
/// <param name="Host">The rest of the node, per device.</param>
/// <param name="NetworkPerWatt">Network equipment per watt of information technology.</param>
/// <param name="OtherDie">Dies of another process in the package; null where there are none.</param>
public sealed record EmbodiedInputs<T>(
    DieInputs<T> Die,
    Emissions<T> Memory,
    Bytes<T> MemoryCapacity,
    Emissions<T> Interposer,
    T? InterposerArea,
    WaferInputs<T> Wafer,
    Emissions<T> Board,
    Emissions<T> Host,
    Emissions<T> NetworkPerWatt,
    DieInputs<T>? OtherDie = null)
    where T : struct, IReal<T>;

/// <summary>What making dies of one kind emits.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Count">Dies of a device.</param>
/// <param name="Area">Area of a die in m².</param>
/// <param name="FabIntensity">Emissions of the fab's electricity.</param>
/// <param name="EnergyPerArea">Energy of the fab per m² of wafer.</param>
/// <param name="GasPerArea">Emissions of process gases per m² of wafer.</param>
/// <param name="MaterialsPerArea">Emissions of materials per m² of wafer.</param>
/// <param name="DefectDensity">Defects per m².</param>
/// <param name="Clustering">Clustering parameter α of the defects.</param>
/// <param name="SalvagedShare">Share of the defective dies that are sold as harvested parts.</param>
public sealed record DieInputs<T>(
    T Count,
    T Area,
    CarbonIntensity<T> FabIntensity,
    Joules<T> EnergyPerArea,
    Emissions<T> GasPerArea,
    Emissions<T> MaterialsPerArea,
    T DefectDensity,
    T Clustering,
    T SalvagedShare)
    where T : struct, IReal<T>;

/// <summary>A wafer.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Diameter">Diameter in m.</param>
/// <param name="EdgeExclusion">Width of the unusable edge in m.</param>
/// <param name="Kerf">Width of the saw line in m.</param>
public sealed record WaferInputs<T>(T Diameter, T EdgeExclusion, T Kerf)
    where T : struct, IReal<T>;
