using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>A plan for every phase of a job; one for the whole of a job without phases.</summary>
/// <param name="Phases">The plans in the order of the phases.</param>
internal sealed record JobPlan(IReadOnlyList<PhasePlan> Phases)
{
    /// <summary>The plan of a job without phases on one pool.</summary>
    public static JobPlan Of(in SplitPlan plan) => new([PhasePlan.Of(plan)]);
}

/// <summary>The plan of a phase.</summary>
/// <param name="Whole">The plan over all pools; its micro-batches are the most that a replica takes.</param>
/// <param name="Form">What the pools share out; null on one pool.</param>
/// <param name="Pools">The part of each pool that takes part, in the order of the stages; one at least.</param>
internal sealed record PhasePlan(SplitPlan Whole, PoolForm? Form, IReadOnlyList<PoolPlan> Pools)
{
    /// <summary>A plan on the only pool.</summary>
    public static PhasePlan Of(in SplitPlan plan) => OnPool(0, plan);

    /// <summary>A plan on one pool alone.</summary>
    public static PhasePlan OnPool(int pool, in SplitPlan plan) => new(plan, null, [new(pool, plan)]);
}

/// <summary>The part of a plan in one pool.</summary>
/// <param name="Pool">The pool, counted from 0 as the scenario lists them.</param>
/// <param name="Plan">Its part: its replicas and their micro-batches, or its stages and their layers.</param>
internal sealed record PoolPlan(int Pool, SplitPlan Plan);
