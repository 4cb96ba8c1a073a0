using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The part of a plan in one of several pools, ready to be evaluated.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Job">The job, with the pool as its cluster.</param>
/// <param name="Model">The model of the job.</param>
/// <param name="Layer">The layer's part of the cost.</param>
/// <param name="Plan">The numbers of the plan.</param>
/// <param name="Shape">The discrete side of the plan.</param>
/// <param name="Groups">The ranks that exchange weights and gradients, also with those of other pools.</param>
/// <param name="Split">The plan.</param>
internal sealed record PoolPart<T>(
    CarbonJob Job,
    JobModel<T> Model,
    LayerCosts<T> Layer,
    PlanInputs<T> Plan,
    PlanShape Shape,
    ExchangeGroups<T> Groups,
    SplitPlan Split)
    where T : struct, IReal<T>
{
    /// <summary>Devices of the pool as a number of the equations.</summary>
    public T Devices { get; } = T.Input(Job.Training.Cluster.Devices);

    /// <summary>The part of a plan in a pool.</summary>
    /// <param name="job">The job, with the pool as its cluster.</param>
    /// <param name="model">The model of the job.</param>
    /// <param name="split">The plan.</param>
    /// <param name="number">Each number of the plan.</param>
    /// <param name="layer">The layer's part of the cost, where it is known.</param>
    public static PoolPart<T> Of(
        CarbonJob job, JobModel<T> model, in SplitPlan split, Func<PlanNumber, T> number, LayerCosts<T>? layer = null)
    {
        PlanShape shape = PlanShape.Of(
            split, job.Training.Cluster.DomainSize, job.Training.Model.Traits.Mixture is not null);
        PlanInputs<T> plan = PlanInputs<T>.From(number);
        return new(
            job,
            model,
            layer ?? model.Layer(shape, plan),
            plan,
            shape,
            model.Groups(shape, plan, model.Links(shape)),
            split);
    }

    /// <summary>Joins the groups of ranks that span pools: in a pipeline across pools none does.</summary>
    public static PoolPart<T>[] Joined(IReadOnlyList<PoolPart<T>> parts, PoolForm? form) => form == PoolForm.Data
        ? [.. parts.Select(part => part with { Groups = Across(part, [.. parts.Where(other => other != part)]) })]
        : [.. parts];

    private static ExchangeGroups<T> Across(PoolPart<T> own, PoolPart<T>[] others)
    {
        GroupInputs<T> data = Group(static groups => groups.Data);
        bool hybrid = own.Shape.Sharding == Sharding.Hsdp;
        return new(
            data,
            hybrid ? own.Groups.Shard : data,
            hybrid ? Group(static groups => groups.Replica) : data,
            hybrid ? own.Groups.Experts : Group(static groups => groups.Experts),
            Group(static groups => groups.ExpertReplicas));

        GroupInputs<T> Group(Func<ExchangeGroups<T>, GroupInputs<T>> of) => of(own.Groups) with
        {
            Elsewhere = [.. others.Select(other => new GroupElsewhere<T>(of(other.Groups), other.Model.Inputs.Machine.Network))],
        };
    }
}
