using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>Figures of records that look like measurements and test nothing, or that no record has.</summary>
internal static class Untestable
{
    /// <summary>What the records cannot test; nothing where there are no runs.</summary>
    public static IReadOnlyList<NotTestable> Of(RecordSet records)
    {
        if (records.Runs.Count == 0)
        {
            return [];
        }

        RunRecord[] runs = [.. records.Runs];
        NotTestable[] all =
        [
            new(ValidationTargets.Energy, runs.Count(static run => run.EnergyKind is "tdp-based" or "model"),
                "the energy is device-hours times design power, or the result of a model: it tests arithmetic"),
            new(ValidationTargets.Operational, runs.Count(static run => run is { EnergyKind: "tdp-based" or "model", OperationalTonnes: not null }),
                "the emissions are device-hours times design power, PUE and intensity: they test arithmetic"),
            new(ValidationTargets.Operational, runs.Count(static run => run is { EnergyKind: "measured", OperationalTonnes: not null } and ({ IntensityGramsPerKwh: null } or { Pue: null })),
                "the intensity or the PUE behind the emissions is not published"),
            new(ValidationTargets.Embodied, runs.Count(static run => run.Tests?.Contains('M', StringComparison.Ordinal) == true),
                "the embodied share of a run was never measured: published shares follow a convention of kilograms for a node"),
        ];
        return [.. all.Where(static one => one.Records > 0)];
    }
}
