using System.Globalization;
using CarbonScaling.Planning;
using CarbonScaling.Training;

namespace CarbonScaling.Validation.Runs;

/// <summary>Tells with which plan a run was predicted.</summary>
internal static class ChosenPlan
{
    /// <summary>What rules filled in a record, for a run with its plan.</summary>
    public static IReadOnlyList<FilledField> Filled(ValidationCase record, ModelParameters parameters)
    {
        Evaluation found = record.With(parameters);
        IReadOnlyList<FilledField> filled = found.Filled ?? record.Filled;
        return record.Run is null || found.Estimate is not { } estimate ? filled : [.. filled, PlanOf(estimate)];
    }

    private static FilledField PlanOf(Estimate estimate)
    {
        EstimatedPlan plan = estimate.Plan;
        return new(
            "plan",
            string.Create(
                CultureInfo.InvariantCulture,
                $"tensor {plan.Tensor} × pipeline {plan.Pipeline} × data {plan.Data}, expert {plan.Expert}, virtual stages {plan.VirtualStages}, micro-batch {plan.MicroBatch}, {plan.Sharding}, recompute {plan.Recompute}, {plan.Schedule}; MFU {estimate.Step.Mfu:P1}, goodput {estimate.Run.Goodput:P1}"),
            "chosen by the planner for the shortest time where it is not published");
    }
}
