using CarbonScaling.Training;

namespace CarbonScaling.Validation.Calibration;

/// <summary>A calibration, what it was made of and how well it does.</summary>
public sealed record CalibrationOutcome
{
    /// <summary>The fitted set.</summary>
    public required CalibratedSet Set { get; init; }

    /// <summary>Observations by source.</summary>
    public required IReadOnlyDictionary<string, int> Sources { get; init; }

    /// <summary>The files of the records, with the rows that were fitted.</summary>
    public required IReadOnlyDictionary<string, int> Files { get; init; }

    /// <summary>A short name for the observations.</summary>
    public required string RecordsDigest { get; init; }

    /// <summary>Rows that are left out, by the name of the rule.</summary>
    public required IReadOnlyDictionary<string, int> Exclusions { get; init; }

    /// <summary>Errors without any data.</summary>
    public required CalibrationErrors Prior { get; init; }

    /// <summary>Errors on what was fitted.</summary>
    public required CalibrationErrors Fitted { get; init; }

    /// <summary>Errors on each source of a fit without it; null where sources were not left out.</summary>
    public CalibrationErrors? LeftOut { get; init; }

    /// <summary>Intervals of such fits; null where sources were not left out.</summary>
    public CalibrationIntervals? LeftOutIntervals { get; init; }

    /// <summary>Scale of ln(predicted / measured) in the fit.</summary>
    public required double LikelihoodScale { get; init; }

    /// <summary>Degrees of freedom of its Student-t distribution.</summary>
    public required double DegreesOfFreedom { get; init; }

    /// <summary>A source of n rows weighs n to this power.</summary>
    public required double SourceExponent { get; init; }

    /// <summary>Whether every fit ended by itself.</summary>
    public required bool Converged { get; init; }

    /// <summary>Observations.</summary>
    public int Observations => Sources.Values.Sum();
}
