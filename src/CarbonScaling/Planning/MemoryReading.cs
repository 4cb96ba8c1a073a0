using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The memory of an evaluated plan.</summary>
internal static class MemoryReading
{
    /// <summary>The memory of the fullest pool over what its devices have.</summary>
    public static double FilledMemory(this Assessment<Scalar> result) =>
        result.Pools.Count > 1
            ? result.Pools.Max(FilledMemory)
            : result.Memory.Total.Value.Value / CapacityOf(result);

    /// <summary>The pool of a phase whose memory is the fullest; the phase itself where there is one pool.</summary>
    public static Assessment<Scalar> FullestPool(this Assessment<Scalar> phase) =>
        phase.Pools.Count > 1 ? phase.Pools.MaxBy(FilledMemory)! : phase;

    /// <summary>The phase whose memory is the fullest; the whole where there are no phases.</summary>
    public static Assessment<Scalar> FullestPhase(this Assessment<Scalar> whole) =>
        whole.Phases.Count > 0 ? whole.Phases.MaxBy(FilledMemory)! : whole;

    /// <summary>The memory of a phase or pool.</summary>
    /// <param name="result">The phase or pool.</param>
    /// <param name="headroom">Share of the memory that stays free.</param>
    public static EstimatedMemory Of(Assessment<Scalar> result, double headroom)
    {
        Assessment<Scalar> pool = result.FullestPool();
        MemoryUse<Scalar> use = result.Memory;
        double total = use.Total.Value.Value;
        double capacity = CapacityOf(pool);
        return new(
            use.Weights.Value.Value,
            use.Gradients.Value.Value,
            use.Optimizer.Value.Value,
            use.Activations.Value.Value,
            use.Overhead.Value.Value,
            total,
            capacity,
            total <= capacity * (1 - headroom),
            [.. Stages(result, pool)]);
    }

    private static double CapacityOf(Assessment<Scalar> pool) => pool.Job.Training.Cluster.System.Accelerator.MemoryCapacity.Value;

    // Of a pipeline across pools all stages; else those of the fullest pool.
    private static IEnumerable<EstimatedStageMemory> Stages(Assessment<Scalar> result, Assessment<Scalar> pool) =>
        pool.Split.Span.IsPart && result.Pools.Count > 1
            ? result.Pools.SelectMany(StagesOf)
            : StagesOf(pool);

    private static IEnumerable<EstimatedStageMemory> StagesOf(Assessment<Scalar> pool) =>
        Enumerable.Range(pool.Split.Span.First, pool.Split.HeldStages).Select(stage => StageOf(stage, pool));

    private static EstimatedStageMemory StageOf(int stage, Assessment<Scalar> pool)
    {
        TrainingPlan plan = pool.Split.Plan;
        int stages = plan.Pipeline;
        int layers = pool.Split.LayersOf(stage);
        bool end = stage == stages - 1 && plan.Schedule != PipelineScheduleKind.ZeroBubbleV;
        StagePlace place = stage == 0 ? StagePlace.First : end ? StagePlace.Last : StagePlace.Middle;
        MemoryUse<Scalar> use = StageMemory.Of(
            new(stage), new(layers), place, pool.Layer, pool.Plan, pool.Shape, pool.Inputs);
        double inFlight = stages == 1
            ? 1
            : PipelineSchedule.InFlight<Scalar>(
                plan.Schedule, new(stage), pool.Plan.Pipeline, pool.Plan.MicroBatches, pool.Plan.VirtualStages).Value;
        return new(
            stage,
            layers,
            inFlight,
            use.Weights.Value.Value,
            use.Gradients.Value.Value,
            use.Optimizer.Value.Value,
            use.Activations.Value.Value,
            use.Overhead.Value.Value,
            use.Total.Value.Value);
    }
}
