namespace CarbonScaling.Units;

/// <summary>What kind of quantity a number with a unit is; each has one base unit, in which equations compute.</summary>
public enum Dimension
{
    /// <summary>A plain number or a count, of tokens for example; no unit.</summary>
    None,

    /// <summary>A duration in s.</summary>
    Time,

    /// <summary>A frequency in Hz.</summary>
    Frequency,

    /// <summary>How often something happens, in 1/s.</summary>
    Rate,

    /// <summary>An amount of data in B.</summary>
    Bytes,

    /// <summary>A data rate in B/s.</summary>
    Bandwidth,

    /// <summary>A latency that grows with the square root of a message, in s/√B.</summary>
    RootLatency,

    /// <summary>An amount of computation in FLOP.</summary>
    Flops,

    /// <summary>A computing rate in FLOP/s.</summary>
    FlopRate,

    /// <summary>A power in W.</summary>
    Power,

    /// <summary>An energy in J.</summary>
    Energy,

    /// <summary>Emissions in kg of CO₂ equivalent.</summary>
    Mass,

    /// <summary>Emissions per energy in kg/J.</summary>
    CarbonIntensity,

    /// <summary>Emissions per capacity in kg/B.</summary>
    MassPerByte,

    /// <summary>Emissions per area in kg/m2.</summary>
    MassPerArea,

    /// <summary>Emissions per power in kg/W.</summary>
    MassPerPower,

    /// <summary>An area in m2.</summary>
    Area,

    /// <summary>A density in 1/m2.</summary>
    PerArea,

    /// <summary>An energy per area in J/m2.</summary>
    EnergyPerArea,

    /// <summary>An amount of money in USD.</summary>
    Money,
}
