using CarbonScaling.Training;

namespace CarbonScaling.Validation.Profiles;

/// <summary>What was measured on a cluster, and how it moves the parameters of the model.</summary>
public sealed record ClusterProfile
{
    /// <summary>A title.</summary>
    public required string Name { get; init; }

    /// <summary>The systems that were measured.</summary>
    public required IReadOnlyList<string> Systems { get; init; }

    /// <summary>What was measured, and what was predicted of it before and after.</summary>
    public required IReadOnlyList<ProfileRecord> Records { get; init; }

    /// <summary>The overall parameters that the measurements determine, as multipliers of a parameter set.</summary>
    public required CalibratedSet Set { get; init; }

    /// <summary>The parameters that they move: name, value before and after.</summary>
    public required IReadOnlyList<ProfileFigure> Figures { get; init; }
}

/// <summary>A measurement of a profile.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Figure">What was measured: <c>step.seconds</c> or <c>energy.averageDeviceWatts</c>.</param>
/// <param name="Measured">The measurement in the unit of the figure.</param>
/// <param name="Before">The prediction without the profile.</param>
/// <param name="After">The prediction with it.</param>
public sealed record ProfileRecord(string Source, string Figure, double Measured, double Before, double After);

/// <summary>A parameter that a profile moves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Before">Its value without the profile.</param>
/// <param name="After">Its value with it.</param>
public sealed record ProfileFigure(string Name, string Unit, double Before, double After);
