using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Calibration;

/// <summary>Something measured of a job that a scenario describes with its plan.</summary>
/// <param name="Id">Its name, unique among those that are fitted together.</param>
/// <param name="Source">Who measured it.</param>
/// <param name="Scenario">The job.</param>
/// <param name="Figure">What was measured: <c>step.seconds</c>, or another figure of an estimate that is above 0.</param>
/// <param name="Value">The measurement in the unit of the figure, above 0.</param>
public sealed record Measurement(string Id, string Source, Scenario Scenario, string Figure, double Value);

/// <summary>Something measured of a job that ran.</summary>
/// <param name="Id">Its name, unique among those that are fitted together.</param>
/// <param name="Source">Who measured it: observations of one source share their weight, and are left out together.</param>
/// <param name="Job">The job.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Figure">The path of the figure that was measured, such as <c>step.seconds</c>.</param>
/// <param name="Measured">The measurement, above 0.</param>
internal sealed record Observation(string Id, string Source, CarbonJob Job, SplitPlan Plan, string Figure, double Measured)
{
    /// <summary>How the figure follows from the figures that are fitted, and its variance by all others.</summary>
    /// <param name="space">The fitted parameters.</param>
    /// <exception cref="KeyNotFoundException">The parameters lack what the job needs.</exception>
    public (TraceTape Tape, double OtherVariance) Record(FittedSpace space)
    {
        CarbonJob job = Job with { Training = Job.Training with { Parameters = space.Map.Priors } };
        Assessment<Traced> traced = Assessment<Traced>.Of(
            job, Plan, FlopsConvention.ModelFull, number => new(number.ToString(), Plan[number], "1", "plan", FigureStatus.Given));
        TraceNode node = Readings.Read(Figure, traced).Node;
        double others = Sensitivity.Elasticities(node).Values.Sum(input => Math.Pow(input.Elasticity * space.OtherSpread(input.Input), 2));
        return (TraceTape.Of(node, space.Map.Positions), others);
    }
}
