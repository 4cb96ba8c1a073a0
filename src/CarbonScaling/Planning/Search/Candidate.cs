using CarbonScaling.Training;

namespace CarbonScaling.Planning.Search;

/// <summary>A feasible plan and what it was ranked by.</summary>
/// <param name="Plan">The plan; over several pools the whole of it, over several phases that of the longest.</param>
/// <param name="Objective">What the search minimises.</param>
/// <param name="Days">Wall time in days.</param>
/// <param name="CarbonKg">Emissions in kgCO2e.</param>
internal readonly record struct Candidate(SplitPlan Plan, double Objective, double Days, double CarbonKg)
{
    /// <summary>Energy of the facility in J.</summary>
    public double Joules { get; init; }

    /// <summary>The pool of a plan that is on one alone.</summary>
    public int Pool { get; init; }

    /// <summary>The plan by pools and phases, where there are several of either; else null.</summary>
    public JobPlan? Parts { get; init; }

    /// <summary>The plan by pools and phases.</summary>
    public JobPlan Job => Parts ?? new([PhasePlan.OnPool(Pool, Plan)]);

    /// <summary>Order among plans that are equally good: fewer devices, then the simpler plan, so that results never depend on threads.</summary>
    public static int ComparePlans(in TrainingPlan left, in TrainingPlan right) => Key(left).CompareTo(Key(right));

    /// <summary>Order by objective, then by plan.</summary>
    public static int CompareObjective(Candidate left, Candidate right)
    {
        int order = left.Objective.CompareTo(right.Objective);
        return order != 0 ? order : ComparePlans(left.Plan.Plan, right.Plan.Plan);
    }

    private static (long, int, int, int, int, int, int, (int, bool, int, int, int, int, int)) Key(in TrainingPlan plan) => (
        plan.Devices,
        plan.Tensor,
        plan.Pipeline,
        plan.VirtualStages,
        plan.MicroBatch,
        (int)plan.Sharding,
        (int)plan.Recompute.Kind,
        ((int)plan.Schedule, plan.SequenceParallel, plan.Context, (int)plan.ContextMode, plan.Expert, plan.ExpertTensor, plan.ShardGroup));
}
