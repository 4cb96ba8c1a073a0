using CarbonScaling.Energy;
using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Emissions of a run.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="FacilityEnergy">Energy of the facility.</param>
/// <param name="Operational">From its electricity, location-based.</param>
/// <param name="Embodied">The run's share of making the hardware.</param>
public readonly record struct Footprint<T>(Joules<T> FacilityEnergy, Emissions<T> Operational, Emissions<T> Embodied)
    where T : struct, IReal<T>
{
    /// <summary>Operational and embodied.</summary>
    public Emissions<T> Total => (Operational + Embodied).Named(Equations.TotalEmissions);
}

/// <summary>From energy and hardware to emissions.</summary>
public static class CarbonAccount
{
    /// <summary>Emissions of a run.</summary>
    /// <remarks>
    /// Eq. CARBON-1 to CARBON-4: facility = IT × PUE; operational = facility × intensity; embodied = device time /
    /// lifetime × embodied per device (allocation by reserved time, as in SCI, ISO/IEC 21031).
    /// </remarks>
    public static Footprint<T> Of<T>(in RunEnergy<T> energy, in RunCost<T> run, SiteInputs<T> site, Emissions<T> perDevice)
        where T : struct, IReal<T>
    {
        Joules<T> facility = (energy.InformationTechnology * site.PowerUsageEffectiveness).Named(Equations.FacilityEnergy);
        Emissions<T> operational = (facility * site.Intensity).Named(Equations.OperationalEmissions);
        Emissions<T> embodied = (perDevice * (run.DeviceTime / site.Lifetime)).Named(Equations.EmbodiedEmissions);
        return new(facility, operational, embodied);
    }
}
