using CarbonScaling.Training;

namespace CarbonScaling.Validation.Profiles;

/// <summary>What was measured on a cluster, and how it moves the parameters of the model.</summary>
public sealed record Profile
{
    /// <summary>The form of the file.</summary>
    public const string SchemaId = "carbonscaling/profile/1";

    /// <summary>A title.</summary>
    public required string Name { get; init; }

    /// <summary>The parameter set that it adapts.</summary>
    public required string Base { get; init; }

    /// <summary>The system of the cluster.</summary>
    public required string System { get; init; }

    /// <summary>What was measured, and what was predicted of it before and after.</summary>
    public required IReadOnlyList<ProfileRecord> Records { get; init; }

    /// <summary>The overall parameters that were adapted.</summary>
    public required IReadOnlyList<ProfileMultiplier> Multipliers { get; init; }

    /// <summary>The adapted parameters, all others are as in the base.</summary>
    public required IReadOnlyList<ProfileParameter> Parameters { get; init; }

    /// <summary>The whole parameter set.</summary>
    /// <param name="parameters">The set that the profile adapts.</param>
    /// <exception cref="KeyNotFoundException">The set lacks a parameter of the profile.</exception>
    public ModelParameters Apply(ModelParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<string, Units.Figure> figures = new(parameters.Figures, StringComparer.Ordinal);
        foreach (ProfileParameter adapted in Parameters)
        {
            figures[adapted.Name] = parameters[adapted.Name] with { Value = adapted.Value, Spread = adapted.Spread };
        }

        return new($"{parameters.Id}+{Name}", figures);
    }
}

/// <summary>A measurement of a profile.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Figure">What was measured: <c>step.seconds</c> or <c>energy.averageDeviceWatts</c>.</param>
/// <param name="Measured">The measurement in the unit of the figure.</param>
/// <param name="Before">The prediction without the profile.</param>
/// <param name="After">The prediction with it.</param>
public sealed record ProfileRecord(string Source, string Figure, double Measured, double Before, double After);

/// <summary>An overall parameter: a multiplier of some parameters of the model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Value">Its value, 1 without any measurement.</param>
/// <param name="Prior">Standard deviation of its logarithm before the measurements.</param>
/// <param name="Spread">The same after them.</param>
public sealed record ProfileMultiplier(string Id, double Value, double Prior, double Spread);

/// <summary>An adapted parameter of the model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value in its base unit.</param>
/// <param name="Spread">Standard deviation of its logarithm.</param>
public sealed record ProfileParameter(string Name, double Value, double Spread);
