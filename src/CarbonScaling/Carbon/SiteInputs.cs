using CarbonScaling.Units;

namespace CarbonScaling.Carbon;

/// <summary>Where a job runs and how embodied emissions are spread.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Intensity">Emissions of the grid's electricity.</param>
/// <param name="PowerUsageEffectiveness">Energy of the facility over that of its information technology.</param>
/// <param name="Lifetime">Useful life of the hardware.</param>
public sealed record SiteInputs<T>(CarbonIntensity<T> Intensity, T PowerUsageEffectiveness, Seconds<T> Lifetime)
    where T : struct, IReal<T>;
