using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Which plans are legal across pools.</summary>
internal static class PoolRules
{
    /// <summary>Micro-batches, as a multiple of the stages, that every schedule is content with.</summary>
    private const int Many = 4;

    /// <summary>Shares a plan out among pools and applies all rules to each part.</summary>
    /// <param name="planner">Shares plans out.</param>
    /// <param name="pools">The pools, several; of a pipeline in the order of its stages.</param>
    /// <param name="plan">The plan over all of them.</param>
    /// <param name="form">What the pools share out.</param>
    /// <param name="uneven">Whether chunks of a stage may differ in layers.</param>
    /// <param name="shared">The plan of each pool, where it is legal.</param>
    /// <param name="costs">What a layer takes on each of the pools, where it is known.</param>
    public static BrokenRule? Check(
        PoolPlanner planner,
        IReadOnlyList<int> pools,
        in TrainingPlan plan,
        PoolForm form,
        bool uneven,
        out PhasePlan? shared,
        IReadOnlyList<LayerCosts<Scalar>>? costs = null)
    {
        shared = null;
        foreach (int pool in pools)
        {
            if (PlanRules.Layer(planner.Jobs[pool].Training, plan) is { } broken)
            {
                return broken;
            }
        }

        return form == PoolForm.Data
            ? Batch(planner, pools, plan, uneven, costs, out shared)
            : Pipeline(planner, pools, plan, costs, out shared);
    }

    private static BrokenRule? Batch(
        PoolPlanner planner,
        IReadOnlyList<int> pools,
        in TrainingPlan plan,
        bool uneven,
        IReadOnlyList<LayerCosts<Scalar>>? costs,
        out PhasePlan? shared)
    {
        shared = null;
        TrainingJob job = planner.Jobs[pools[0]].Training;
        long perReplica = (long)plan.Tensor * plan.Context * plan.Pipeline;
        if (planner.Replicas(pools, plan) is not { } replicas)
        {
            return new(
                plan.Pipeline > 1 ? "plan.pipeline" : plan.Context > 1 ? "plan.context" : "plan.tensor",
                "a pool does not hold whole replicas",
                $"does not fit the pools: a replica takes {perReplica} devices (tensor × context × pipeline); allowed: a divisor of the devices of each pool, or plan.pools: pipeline");
        }

        // What a schedule needs of its micro-batches is checked once these are known.
        if (PlanRules.Schedule(plan.Schedule, plan.Pipeline, plan.VirtualStages, Many * plan.Pipeline) is { } unordered)
        {
            return unordered;
        }

        foreach (int data in replicas)
        {
            if (PlanRules.Groups(plan with { Data = data }) is { } broken)
            {
                return broken;
            }
        }

        if (PlanRules.Layers(job, plan, uneven, out LayerSplit layers) is { } split)
        {
            return split;
        }

        shared = planner.ShareBatch(pools, plan, layers, costs ?? Costs(planner, pools, plan));
        if (shared is null)
        {
            return new(
                "plan.microBatch",
                "no shares of the pools sum to the batch",
                $"leaves no shares of the batch: {string.Join(" and ", replicas)} replicas with whole numbers of micro-batches"
                    + (PoolPlanner.Multiple(plan) is > 1 and int multiple ? $", multiples of {multiple}," : "")
                    + $" cannot make {job.GlobalBatch.Value:F0} sequences; allowed: another micro-batch, batch or degree");
        }

        foreach (PoolPlan part in shared.Pools)
        {
            TrainingPlan own = part.Plan.Plan;
            if (PlanRules.Schedule(own.Schedule, own.Pipeline, own.VirtualStages, own.MicroBatches) is { } broken)
            {
                shared = null;
                return broken;
            }
        }

        return null;
    }

    private static BrokenRule? Pipeline(
        PoolPlanner planner,
        IReadOnlyList<int> pools,
        in TrainingPlan plan,
        IReadOnlyList<LayerCosts<Scalar>>? costs,
        out PhasePlan? shared)
    {
        shared = null;
        if (plan.Schedule is not (PipelineScheduleKind.GPipe or PipelineScheduleKind.OneForwardOneBackward))
        {
            return new(
                "plan.schedule",
                "a schedule that does not span pools",
                "does not span pools; allowed with plan.pools: pipeline: gpipe, 1f1b");
        }

        foreach (int pool in pools)
        {
            TrainingJob job = planner.Jobs[pool].Training;
            if (PlanRules.Ranks(job, plan, (long)job.GlobalBatch.Value) is { } broken)
            {
                return broken;
            }
        }

        shared = planner.SharePipeline(pools, plan, costs ?? Costs(planner, pools, plan));
        if (shared is null)
        {
            int layers = planner.Jobs[pools[0]].Training.Model.LayerCount;
            long perStage = (long)plan.Tensor * plan.Context * plan.Data;
            return new(
                "plan.pipeline",
                "a pool does not hold whole stages",
                $"does not fit the pools: a stage takes {perStage} devices (tensor × context × data) and a layer of {layers} at least; allowed: stages whose devices divide those of each pool");
        }

        if (plan.Recompute.Layers > shared.Whole.Layers.Most)
        {
            int most = shared.Whole.Layers.Most;
            shared = null;
            return new(
                "plan.recompute",
                "more layers computed again than a stage has",
                $"layers {plan.Recompute.Layers} exceeds the {most} layers of a stage; allowed: 1 to {most}");
        }

        return null;
    }

    private static List<LayerCosts<Scalar>> Costs(PoolPlanner planner, IReadOnlyList<int> pools, TrainingPlan plan) =>
        [.. pools.Select(pool => planner.Layer(pool, plan))];
}
