using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Runs;

/// <summary>Tells with which plan a run was predicted.</summary>
internal static class ChosenPlan
{
    /// <summary>The plan as a field that a rule filled; nothing for what is not a run.</summary>
    public static IEnumerable<FilledField> Of(ValidationCase record, ModelParameters parameters)
    {
        if (record.Run is null || record.EstimateWith(parameters).Estimate is not { } estimate)
        {
            yield break;
        }

        EstimatedPlan plan = estimate.Plan;
        yield return new(
            "plan",
            string.Create(
                CultureInfo.InvariantCulture,
                $"tensor {plan.Tensor} × pipeline {plan.Pipeline} × data {plan.Data}, expert {plan.Expert}, virtual stages {plan.VirtualStages}, micro-batch {plan.MicroBatch}, {plan.Sharding}, recompute {plan.Recompute}, {plan.Schedule}; MFU {estimate.Step.Mfu:P1}, goodput {estimate.Run.Goodput:P1}"),
            "chosen by the planner for the shortest time where it is not published");
    }
}
