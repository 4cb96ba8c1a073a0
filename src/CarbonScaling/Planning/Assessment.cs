using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>
/// A job with a plan, evaluated: a pool of a phase, a phase over its pools, or all phases. What concerns a single plan is
/// that of the part that a result shows: the phase that takes the most device time, and its slowest pool.
/// </summary>
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
    /// <summary>The plan.</summary>
    public SplitPlan Split { get; init; }

    /// <summary>The pool, counted from 0 as the scenario lists them.</summary>
    public int Pool { get; init; }

    /// <summary>Peak rate of a device in the training format, on average over the pools.</summary>
    public FlopRate<T> Peak { get; init; } = Inputs.Machine.Products.Peak;

    /// <summary>How long a step of a pool would last without waiting for the others.</summary>
    public Seconds<T> OwnStep { get; init; } = Cost.Step.Duration;

    /// <summary>The phases, where there are several; else none.</summary>
    public IReadOnlyList<Assessment<T>> Phases { get; init; } = [];

    /// <summary>The pools of the phase that take part, where the scenario has several; else none.</summary>
    public IReadOnlyList<Assessment<T>> Pools { get; init; } = [];

    /// <summary>The pools; the phase itself where the scenario has one.</summary>
    public IReadOnlyList<Assessment<T>> PoolsOrSelf => Pools.Count > 0 ? Pools : [this];

    /// <summary>The phases; the whole itself where there are none.</summary>
    public IReadOnlyList<Assessment<T>> PhasesOrSelf => Phases.Count > 0 ? Phases : [this];

    /// <summary>Evaluates a plan on one pool.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="convention">How model FLOPs are counted.</param>
    /// <param name="figures">The figure of each number of the plan, saying who chose it.</param>
    public static Assessment<T> Of(
        CarbonJob job, in SplitPlan plan, FlopsConvention convention, Func<PlanNumber, Figure> figures)
    {
        JobModel<T> model = new(job);
        PoolPart<T> part = PoolPart<T>.Of(job, model, plan, number => T.Input(figures(number)));
        return Of(part, convention, model.Combine(part.Layer, part.Plan, part.Shape, part.Groups));
    }

    /// <summary>Evaluates a plan on several pools.</summary>
    /// <param name="jobs">The job, with each pool of the scenario as its cluster.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="convention">How model FLOPs are counted.</param>
    /// <param name="figures">The figure of each number of a part of the plan, or with null of the whole.</param>
    /// <param name="shown">The pools to show.</param>
    public static Assessment<T> OfPools(
        IReadOnlyList<CarbonJob> jobs,
        PhasePlan plan,
        FlopsConvention convention,
        Func<PoolPlan?, PlanNumber, Figure> figures,
        Func<IReadOnlyList<Assessment<T>>, ShownPools> shown)
    {
        PoolPart<T>[] parts = PoolPart<T>.Joined(
            [.. plan.Pools.Select(pool => PoolPart<T>.Of(
                jobs[pool.Pool], new(jobs[pool.Pool]), pool.Plan, number => T.Input(figures(pool, number))))],
            plan.Form);
        PoolCosts<T> costs = PoolCosts<T>.Of(parts, plan.Form);
        Assessment<T>[] pools = [.. parts.Select((part, i) => Of(part, convention, costs.Pools[i]) with
        {
            Pool = plan.Pools[i].Pool,
            OwnStep = costs.Own[i],
        })];
        (int slowest, int fullest) = shown(pools);
        T peaks = parts
            .Select(static part => part.Model.Inputs.Machine.Products.Peak.Value * part.Devices)
            .Aggregate(static (left, right) => left + right);
        PlanInputs<T> whole = PlanInputs<T>.From(number => T.Input(figures(null, number)));
        return pools[slowest] with
        {
            Split = plan.Whole,
            Plan = whole,
            Shape = PlanShape.Of(plan.Whole, pools[slowest].Job.Training.Cluster.DomainSize, pools[slowest].Job.Training.Model.Traits.Mixture is not null),
            Cost = JobSums.OverPools(costs.Pools, costs.Pools[slowest].Step),
            Memory = pools[fullest].Memory,
            Peak = new(peaks / whole.Devices),
            OwnStep = costs.Pools[slowest].Step.Duration,
            Pools = pools,
        };
    }

    /// <summary>All phases.</summary>
    /// <param name="phases">The phases, one at least.</param>
    /// <param name="longest">The one to show.</param>
    public static Assessment<T> OfPhases(IReadOnlyList<Assessment<T>> phases, int longest) => phases[longest] with
    {
        Cost = JobSums.OverPhases([.. phases.Select(static phase => phase.Cost)], phases[longest].Cost.Step),
        Phases = phases,
    };

    private static Assessment<T> Of(PoolPart<T> part, FlopsConvention convention, in JobCost<T> cost)
    {
        JobInputs<T> inputs = part.Model.Inputs;
        return new(
            part.Job,
            convention,
            inputs,
            part.Plan,
            part.Shape,
            part.Layer,
            cost,
            StageTimes.BusiestPasses(part.Layer, part.Plan, part.Shape, part.Groups, inputs.Machine),
            StageMemory.Fullest(part.Layer, part.Plan, part.Shape, inputs))
        { Split = part.Split };
    }
}

/// <summary>The pools of which a result shows the step and the memory.</summary>
/// <param name="Slowest">The one with the slowest step, or in a pipeline the busiest stage.</param>
/// <param name="Fullest">The one whose memory is the fullest.</param>
internal readonly record struct ShownPools(int Slowest, int Fullest);
