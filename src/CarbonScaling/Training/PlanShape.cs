using CarbonScaling.Hardware;

namespace CarbonScaling.Training;

/// <summary>Where a group of ranks lies.</summary>
/// <param name="Tier">Levels of the fabric that it spans.</param>
/// <param name="LocalRanks">Its ranks in one scale-up domain.</param>
/// <param name="Stride">Devices from one rank to the next.</param>
public readonly record struct GroupPlace(FabricTier Tier, int LocalRanks, int Stride)
{
    /// <summary>The place of a group whose consecutive ranks are <paramref name="stride"/> devices apart.</summary>
    public static GroupPlace Of(long ranks, long stride, int domain) => Of(ranks, 1, stride, domain);

    /// <summary>The same for a group that has as many ranks again in other pools.</summary>
    /// <param name="ranks">Its ranks in this pool.</param>
    /// <param name="times">What all of its ranks are over those.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    /// <param name="domain">Devices of a scale-up domain.</param>
    public static GroupPlace Of(long ranks, double times, long stride, int domain)
    {
        int apart = (int)Math.Min(int.MaxValue, stride);
        GroupPlacement placement = GroupPlacement.Of((int)Math.Max(1, ranks), apart, domain);
        FabricTier tier = times > 1
            ? placement.LocalRanks > 1 ? FabricTier.Both : FabricTier.ScaleOut
            : placement.Tier;
        return new(tier, placement.LocalRanks, apart);
    }
}

/// <summary>The discrete side of a plan on a cluster: what equations branch on. Candidates of one shape share lanes.</summary>
public readonly record struct PlanShape
{
    /// <summary>The pipeline schedule.</summary>
    public PipelineScheduleKind Schedule { get; init; }

    /// <summary>What data-parallel ranks split.</summary>
    public Sharding Sharding { get; init; }

    /// <summary>What is computed again.</summary>
    public RecomputePlan Recompute { get; init; }

    /// <summary>Whether the residual stream is split over the tensor-parallel ranks.</summary>
    public bool SequenceParallel { get; init; }

    /// <summary>Whether there is more than one stage.</summary>
    public bool Pipelined { get; init; }

    /// <summary>How the parts of a sequence meet.</summary>
    public ContextMode ContextMode { get; init; }

    /// <summary>How tensor-parallel communication is hidden.</summary>
    public TensorOverlap TensorOverlap { get; init; }

    /// <summary>What is kept in the memory of the host.</summary>
    public Offload Offload { get; init; }

    /// <summary>The tensor-parallel ranks.</summary>
    public GroupPlace Tensor { get; init; }

    /// <summary>The context-parallel ranks.</summary>
    public GroupPlace Context { get; init; }

    /// <summary>The ranks that share the gradients of everything but routed experts: data × context.</summary>
    public GroupPlace Data { get; init; }

    /// <summary>The ranks that split one copy of the weights, with hybrid sharding.</summary>
    public GroupPlace Shard { get; init; }

    /// <summary>The ranks that hold the same part of such copies.</summary>
    public GroupPlace Replica { get; init; }

    /// <summary>The ranks that split an expert.</summary>
    public GroupPlace ExpertTensor { get; init; }

    /// <summary>The ranks that split the experts of a layer.</summary>
    public GroupPlace Expert { get; init; }

    /// <summary>The ranks that hold the same experts.</summary>
    public GroupPlace ExpertData { get; init; }

    /// <summary>With hybrid sharding, the ranks that hold the same part of the same experts.</summary>
    public GroupPlace ExpertReplica { get; init; }

    /// <summary>Level that the transfers between stages cross.</summary>
    public FabricTier Transfer { get; init; }

    /// <summary>The stages of the pipeline in the pool.</summary>
    public StageSpan Span { get; init; }

    /// <summary>Whether the last stage of the pipeline, with the head, lies in another pool.</summary>
    public bool LacksLast { get; init; }

    /// <summary>Whether the last stage lies in the pool.</summary>
    public bool HoldsLast => !LacksLast;

    /// <summary>Whether the first stage of the pipeline, with the embedding, lies in the pool.</summary>
    public bool HoldsFirst => Span.HoldsFirst;

    /// <summary>Whether communication among experts runs beside the compute of another micro-batch.</summary>
    public bool HidesExperts => Schedule == PipelineScheduleKind.DualPipe;

    /// <summary>Whether a device holds the first and the last layers of the model.</summary>
    public bool PairsEnds => Schedule is PipelineScheduleKind.DualPipe or PipelineScheduleKind.ZeroBubbleV;

    /// <summary>Whether weights are split.</summary>
    public bool ShardsWeights => Sharding is Sharding.Zero3 or Sharding.Hsdp;

    /// <summary>Whether gradients are split, and so exchanged with every micro-batch.</summary>
    public bool ShardsGradients => Sharding >= Sharding.Zero2;

    /// <summary>
    /// The shape of a plan whose ranks are placed tensor first, then context, then data, then pipeline; experts take the
    /// same ranks of a stage, expert-tensor first.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="domainSize">Devices of a scale-up domain.</param>
    /// <param name="hasExperts">Whether there are routed experts to exchange.</param>
    public static PlanShape Of(in TrainingPlan plan, int domainSize, bool hasExperts) =>
        Of(new SplitPlan(plan, default), domainSize, hasExperts);

    /// <summary>The same of the part of a plan that lies in one pool: what its ranks exchange may span others.</summary>
    /// <param name="split">The plan.</param>
    /// <param name="domainSize">Devices of a scale-up domain.</param>
    /// <param name="hasExperts">Whether there are routed experts to exchange.</param>
    public static PlanShape Of(in SplitPlan split, int domainSize, bool hasExperts)
    {
        TrainingPlan plan = split.Plan;
        double all = (double)split.Replicas / plan.Data;

        // Of two streams in opposite directions each has a copy of its own.
        int streams = plan.Schedule == PipelineScheduleKind.DualPipe ? 2 : 1;
        long copies = (long)plan.Data * plan.Context * streams;
        int group = Math.Max(1, plan.ShardGroup);
        int expertRanks = plan.Expert * plan.ExpertTensor;
        long experts = hasExperts ? plan.ExpertData * streams : 1;

        // Ranks that exchange the gradients of the same expert, with hybrid sharding those of one copy, which lies in a pool.
        bool hybrid = plan.Sharding == Sharding.Hsdp;
        long holders = hybrid ? Math.Max(1, experts / Math.Max(1, copies / group)) : experts;
        double times = hasExperts ? all : 1;
        return new()
        {
            Schedule = plan.Schedule,
            Sharding = plan.Sharding,
            Recompute = plan.Recompute,
            SequenceParallel = plan.SequenceParallel,
            Pipelined = plan.Pipeline > 1,
            ContextMode = plan.ContextMode,
            TensorOverlap = plan.TensorOverlap,
            Offload = plan.Offload,
            Tensor = GroupPlace.Of(plan.Tensor, 1, domainSize),
            Context = GroupPlace.Of(plan.Context, plan.Tensor, domainSize),
            Data = GroupPlace.Of(copies, all, plan.Tensor, domainSize),
            Shard = GroupPlace.Of(group, plan.Tensor, domainSize),
            Replica = GroupPlace.Of(copies / group, all, (long)plan.Tensor * group, domainSize),
            ExpertTensor = GroupPlace.Of(plan.ExpertTensor, 1, domainSize),
            Expert = GroupPlace.Of(plan.Expert, plan.ExpertTensor, domainSize),
            ExpertData = GroupPlace.Of(holders, hybrid ? 1 : times, expertRanks, domainSize),
            ExpertReplica = GroupPlace.Of(experts / holders, hybrid ? times : 1, expertRanks * holders, domainSize),
            Transfer = plan.Pipeline == 1
                ? FabricTier.None
                : split.PoolDevices <= domainSize ? FabricTier.ScaleUp : FabricTier.ScaleOut,
            Span = split.Span,
            LacksLast = !split.Span.HoldsLast(plan.Pipeline),
        };
    }
}
