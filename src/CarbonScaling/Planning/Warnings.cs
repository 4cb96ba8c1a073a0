using System.Globalization;
using CarbonScaling.Explanation;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>What a reader should know before relying on a result.</summary>
internal static class Warnings
{
    /// <summary>An uncertain input is named when it moves the emissions by at least this share of its own change.</summary>
    private const double LeastElasticity = 0.01;

    /// <summary>The warnings of a result.</summary>
    public static IReadOnlyList<string> Of(Assessment<Traced> traced)
    {
        List<string> warnings = [];
        IEnumerable<InputSensitivity> inputs = Sensitivity.Elasticities(Readings.Read("carbon.totalKg", traced).Node).Values
            .OrderBy(input => input.Input.Name, StringComparer.Ordinal);
        foreach (InputSensitivity input in inputs)
        {
            if (input.Input.Status is FigureStatus.Recalled or FigureStatus.Projected && Math.Abs(input.Elasticity) >= LeastElasticity)
            {
                string kind = input.Input.Status == FigureStatus.Recalled ? "recalled, not read in a source" : "projected";
                warnings.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{input.Input.Name} = {input.Input.Value:G4} {input.Input.Unit} is {kind}; 1 % of it moves the emissions by {Math.Abs(input.Elasticity):F2} %"));
            }
        }

        if (traced.Job.Training.Parameters is { Id: var id, Posterior.HasPriorsOfFit: false })
        {
            warnings.Add($"the calibration '{id}' was made with other priors than this version has; calibrate makes it anew");
        }

        if (traced.Phases.Count == 0 && IsShort(traced.Job.Training))
        {
            warnings.Add("the training has fewer tokens than a step; one whole step is counted");
        }

        foreach ((int index, Assessment<Traced> phase) in traced.Phases.Index())
        {
            if (IsShort(phase.Job.Training))
            {
                warnings.Add($"phase {index + 1} has fewer tokens than a step; one whole step is counted");
            }
        }

        return warnings;
    }

    private static bool IsShort(TrainingJob job) => job.Tokens.Value < job.GlobalBatch.Value * job.SequenceLength.Value;
}
