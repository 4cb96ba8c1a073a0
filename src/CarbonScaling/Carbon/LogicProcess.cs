using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Figures of a logic process, in base units.</summary>
public sealed record LogicProcess
{
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

    /// <summary>Some dies of the process as inputs of the equations.</summary>
    /// <param name="count">Dies of a device.</param>
    /// <param name="area">Area of a die in m².</param>
    /// <param name="fabIntensity">Emissions of the fab's electricity, in kg/J.</param>
    public DieInputs<T> Lift<T>(Figure count, Figure area, Figure fabIntensity)
        where T : struct, IReal<T> => new(
        T.Input(count),
        T.Input(area),
        new(T.Input(fabIntensity)),
        new(T.Input(EnergyPerArea)),
        new(T.Input(GasPerArea)),
        new(T.Input(MaterialsPerArea)),
        T.Input(DefectDensity),
        T.Input(Clustering),
        T.Input(SalvagedShare));
}
