namespace CarbonScaling.Units;

/// <summary>How far the value of a <see cref="Figure"/> may be trusted.</summary>
public enum FigureStatus
{
    /// <summary>Read in the source that it names.</summary>
    Seen,

    /// <summary>Arithmetic over figures that were read in the source.</summary>
    Computed,

    /// <summary>Quoted from memory; results that rest on it carry a warning.</summary>
    Recalled,

    /// <summary>Announced or extrapolated; results that rest on it carry a warning.</summary>
    Projected,

    /// <summary>A choice of this project where no measurement was found.</summary>
    Assumed,

    /// <summary>Given by the user.</summary>
    Given,

    /// <summary>Left out by the user and filled by the documented default.</summary>
    Default,
}

/// <summary>A number with its name, its unit and where it comes from: the leaves of every derivation.</summary>
/// <param name="Name">What the number is, for example <c>h100-sxm.memoryBandwidth</c>.</param>
/// <param name="Value">The value in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of <paramref name="Value"/>; "1" for a dimensionless number.</param>
/// <param name="Source">The key of the source in the catalog, or who gave the number.</param>
/// <param name="Status">How far it may be trusted.</param>
/// <param name="Spread">Standard deviation of the natural logarithm of the value; 0 when not stated.</param>
public readonly record struct Figure(
    string Name,
    double Value,
    string Unit,
    string Source,
    FigureStatus Status,
    double Spread = 0);
