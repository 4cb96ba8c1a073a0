using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Shares a plan out among pools: the micro-batches of a step, or the stages and layers of a pipeline.</summary>
/// <param name="jobs">The job, with each pool of the scenario as its cluster.</param>
internal sealed class PoolPlanner(IReadOnlyList<CarbonJob> jobs)
{
    private readonly JobModel<Scalar>[] _models = [.. jobs.Select(static job => new JobModel<Scalar>(job))];

    /// <summary>The job, with each pool of the scenario as its cluster.</summary>
    public IReadOnlyList<CarbonJob> Jobs => jobs;

    /// <summary>What the micro-batches of a replica are a multiple of.</summary>
    public static int Multiple(in TrainingPlan plan) => plan.Schedule switch
    {
        PipelineScheduleKind.Interleaved => plan.Pipeline,
        PipelineScheduleKind.DualPipe => 2,
        _ => 1,
    };

    /// <summary>What a layer takes on a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="plan">The plan; only what concerns a layer matters.</param>
    public LayerCosts<Scalar> Layer(int pool, in TrainingPlan plan)
    {
        SplitPlan split = new(plan, default);
        return PoolPart<Scalar>.Of(jobs[pool], _models[pool], split, number => new(split[number])).Layer;
    }

    /// <summary>Replicas of a plan that each pool holds; null where a pool does not hold whole ones.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="plan">The degrees inside a replica.</param>
    public int[]? Replicas(IReadOnlyList<int> pools, in TrainingPlan plan)
    {
        long perReplica = (long)plan.Tensor * plan.Context * plan.Pipeline;
        int[] replicas = [.. pools.Select(pool => (int)(jobs[pool].Training.Cluster.DeviceCount / perReplica))];
        for (int i = 0; i < replicas.Length; i++)
        {
            if (replicas[i] == 0 || replicas[i] * perReplica != jobs[pools[i]].Training.Cluster.DeviceCount)
            {
                return null;
            }
        }

        return replicas;
    }

    /// <summary>A plan in which every pool holds whole replicas and takes its share of the batch.</summary>
    /// <param name="pools">The pools, several.</param>
    /// <param name="plan">The plan; its replicas and micro-batches are those of the pools.</param>
    /// <param name="layers">Its layers by stage.</param>
    /// <param name="costs">What a layer takes on each of the pools.</param>
    /// <returns>Null where no shares sum to the batch.</returns>
    public PhasePlan? ShareBatch(
        IReadOnlyList<int> pools, TrainingPlan plan, LayerSplit layers, IReadOnlyList<LayerCosts<Scalar>> costs)
    {
        if (Replicas(pools, plan) is not { } replicas)
        {
            return null;
        }

        long batch = (long)jobs[pools[0]].Training.GlobalBatch.Value;
        int all = replicas.Sum();
        int multiple = Multiple(plan);
        if (batch % plan.MicroBatch != 0)
        {
            return null;
        }

        PoolPart<Scalar>[] parts = PoolPart<Scalar>.Joined(
            [.. pools.Select((pool, i) => PartOf(pool, Own(i, multiple), costs[i]))], PoolForm.Data);
        int[]? shares = BatchShares.Find(replicas, batch / plan.MicroBatch, multiple, TimeOf);
        if (shares is null)
        {
            return null;
        }

        TrainingPlan whole = plan with { Data = all, MicroBatches = shares.Max() };
        return new(
            new(whole, layers), PoolForm.Data, [.. pools.Select((pool, i) => new PoolPlan(pool, Own(i, shares[i])))]);

        SplitPlan Own(int i, int microBatches) =>
            new(plan with { Data = replicas[i], MicroBatches = microBatches }, layers) { OtherReplicas = all - replicas[i] };

        double TimeOf(int i, int microBatches)
        {
            PoolPart<Scalar> part = parts[i];
            return PoolCosts<Scalar>.StepOf(
                part with { Plan = part.Plan with { MicroBatches = new(microBatches) } }).Duration.Value.Value;
        }
    }

    /// <summary>A plan in which every pool holds some stages of the pipeline of every replica.</summary>
    /// <param name="pools">The pools in the order of the stages, several.</param>
    /// <param name="plan">The plan, with all of its stages.</param>
    /// <param name="costs">What a layer takes on each of the pools.</param>
    /// <returns>Null where a pool does not hold whole stages, or the model has fewer layers than stages.</returns>
    public PhasePlan? SharePipeline(IReadOnlyList<int> pools, TrainingPlan plan, IReadOnlyList<LayerCosts<Scalar>> costs)
    {
        if (Spans(pools, plan) is not { } spans || jobs[pools[0]].Training.Model.LayerCount < plan.Pipeline)
        {
            return null;
        }

        int[] stages = Stages(pools, spans, plan, costs);
        int leading = Math.Min(jobs[pools[0]].Training.Model.Traits.Mixture?.LeadingDenseLayers ?? 0, stages[0]);
        return new(
            new(plan, Split(default)),
            PoolForm.Pipeline,
            [.. pools.Select((pool, i) => new PoolPlan(pool, new(plan, Split(spans[i])) { Span = spans[i] }))]);

        LayerSplit Split(StageSpan span) =>
            StageShares.Of(stages, span) with { Leading = span.HoldsFirst ? leading : 0 };
    }

    /// <summary>What a plan takes on several pools, and the memory of the fullest of them over what its devices have.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="costs">What a layer takes on each of its pools.</param>
    public (JobCost<Scalar> Cost, double FilledMemory) Cost(PhasePlan plan, IReadOnlyList<LayerCosts<Scalar>> costs)
    {
        PoolPart<Scalar>[] parts = PoolPart<Scalar>.Joined(
            [.. plan.Pools.Select((pool, i) => PartOf(pool.Pool, pool.Plan, costs[i]))], plan.Form);
        IReadOnlyList<JobCost<Scalar>> pools = PoolCosts<Scalar>.Of(parts, plan.Form).Pools;
        double filled = pools.Select((cost, i) =>
            cost.PeakMemory.Value.Value / parts[i].Job.Training.Cluster.System.Accelerator.MemoryCapacity.Value).Max();
        return (JobSums.OverPools(pools, pools[0].Step), filled);
    }

    private PoolPart<Scalar> PartOf(int pool, SplitPlan split, LayerCosts<Scalar> costs) =>
        PoolPart<Scalar>.Of(jobs[pool], _models[pool], split, number => new(split[number]), costs);

    /// <summary>The stages of each pool; null where a pool does not hold whole ones.</summary>
    private StageSpan[]? Spans(IReadOnlyList<int> pools, in TrainingPlan plan)
    {
        long perStage = (long)plan.Tensor * plan.Context * plan.Data;
        List<StageSpan> spans = [];
        int first = 0;
        foreach (int pool in pools)
        {
            int devices = jobs[pool].Training.Cluster.DeviceCount;
            if (devices % perStage != 0)
            {
                return null;
            }

            int count = (int)(devices / perStage);
            spans.Add(new(first, count));
            first += count;
        }

        return first == plan.Pipeline ? [.. spans] : null;
    }

    private int[] Stages(
        IReadOnlyList<int> pools, StageSpan[] spans, in TrainingPlan plan, IReadOnlyList<LayerCosts<Scalar>> costs)
    {
        int layers = jobs[pools[0]].Training.Model.LayerCount;
        int count = plan.Pipeline;
        if (PoolKinds.AreAlike([.. pools.Select(pool => jobs[pool])])
            && LayerSplit.TrySplit(layers, count, 1, out LayerSplit even))
        {
            // Pools of one kind split their layers as one pool does.
            return [.. Enumerable.Range(0, count).Select(stage => even.LayersOf(stage, count))];
        }

        bool again = plan.Recompute.Kind == Recomputation.Full && plan.Recompute.Layers == 0;
        List<double> perLayer = [];
        for (int i = 0; i < spans.Length; i++)
        {
            PassPair<Scalar> layer = costs[i].Layer;
            Seconds<Scalar> both = layer.Forward + layer.Backward;
            perLayer.AddRange(Enumerable.Repeat((again ? both + layer.Forward : both).Value.Value, spans[i].Count));
        }

        double[] beside = new double[count];
        beside[0] = Both(costs[0].Embedding);
        beside[^1] += Both(costs[^1].Head);
        return StageShares.Find(layers, perLayer, beside);
    }

    private static double Both(PassPair<Scalar> passes) => (passes.Forward + passes.Backward).Value.Value;
}
