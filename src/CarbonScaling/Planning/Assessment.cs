using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>A job with one plan, evaluated.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Job">The job.</param>
/// <param name="Convention">How model FLOPs are counted.</param>
/// <param name="Inputs">The numbers of the job.</param>
/// <param name="Plan">The numbers of the plan.</param>
/// <param name="Shape">The discrete side of the plan.</param>
/// <param name="Layer">The layer's part of the cost.</param>
/// <param name="Cost">The cost.</param>
/// <param name="Busiest">Where the busiest stage spends the passes of all its micro-batches.</param>
/// <param name="Memory">What takes the memory on the stage that needs most.</param>
internal sealed record Assessment<T>(
    CarbonJob Job,
    FlopsConvention Convention,
    JobInputs<T> Inputs,
    PlanInputs<T> Plan,
    PlanShape Shape,
    LayerCosts<T> Layer,
    JobCost<T> Cost,
    PassTime<T> Busiest,
    MemoryUse<T> Memory)
    where T : struct, IReal<T>
{
    /// <summary>Evaluates a plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="convention">How model FLOPs are counted.</param>
    /// <param name="figures">The figure of each number of the plan, saying who chose it.</param>
    public static Assessment<T> Of(
        CarbonJob job, in SplitPlan plan, FlopsConvention convention, Func<PlanNumber, Figure> figures)
    {
        PlanShape shape = PlanShape.Of(
            plan.Plan, job.Training.Cluster.DomainSize, job.Training.Model.Traits.Mixture is not null);
        PlanInputs<T> numbers = PlanInputs<T>.From(number => T.Input(figures(number)));
        JobModel<T> model = new(job);
        LayerCosts<T> layer = model.Layer(shape, numbers);
        ExchangeGroups<T> groups = model.Groups(shape, numbers, model.Links(shape));
        return new(
            job,
            convention,
            model.Inputs,
            numbers,
            shape,
            layer,
            model.Combine(layer, numbers, shape, groups),
            StageTimes.BusiestPasses(layer, numbers, shape, groups, model.Inputs.Machine),
            StageMemory.Fullest(layer, numbers, shape, model.Inputs));
    }
}
