using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The numbers of a plan that enter the equations.</summary>
public enum PlanNumber
{
    /// <summary>Tensor-parallel degree.</summary>
    Tensor,

    /// <summary>Context-parallel degree.</summary>
    Context,

    /// <summary>Pipeline-parallel degree.</summary>
    Pipeline,

    /// <summary>Chunks per stage.</summary>
    VirtualStages,

    /// <summary>Data-parallel degree.</summary>
    Data,

    /// <summary>Expert-parallel degree.</summary>
    Expert,

    /// <summary>Tensor-parallel degree inside an expert.</summary>
    ExpertTensor,

    /// <summary>Ranks that split one copy of the weights.</summary>
    ShardGroup,

    /// <summary>Sequences of a micro-batch.</summary>
    MicroBatch,

    /// <summary>Micro-batches per step.</summary>
    MicroBatches,

    /// <summary>Layers of the first stage.</summary>
    FirstLayers,

    /// <summary>Layers of the fullest stage between first and last.</summary>
    MiddleLayers,

    /// <summary>Layers of the last stage.</summary>
    LastLayers,

    /// <summary>Layers of all stages between first and last.</summary>
    MiddleLayerTotal,

    /// <summary>Dense layers before those with experts, on the first stage.</summary>
    LeadingLayers,

    /// <summary>Layers of a stage that are computed again in the backward pass.</summary>
    RecomputedLayers,

    /// <summary>Devices of the cluster.</summary>
    Devices,

    /// <summary>Stages of the pipeline in the pool: all of them but in a pipeline across pools.</summary>
    HeldStages,
}

/// <summary>A plan as numbers of the equations.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Tensor">Tensor-parallel degree t.</param>
/// <param name="Context">Context-parallel degree c.</param>
/// <param name="Pipeline">Pipeline-parallel degree p.</param>
/// <param name="VirtualStages">Chunks per stage v.</param>
/// <param name="Data">Data-parallel degree D, over all pools.</param>
/// <param name="Expert">Expert-parallel degree e.</param>
/// <param name="ExpertTensor">Tensor-parallel degree inside an expert x.</param>
/// <param name="ShardGroup">Ranks that split one copy of the weights, with hybrid sharding.</param>
/// <param name="MicroBatch">Sequences of a micro-batch b.</param>
/// <param name="MicroBatches">Micro-batches per step m.</param>
/// <param name="FirstLayers">Layers of the first stage.</param>
/// <param name="MiddleLayers">Layers of the fullest stage between first and last.</param>
/// <param name="LastLayers">Layers of the last stage.</param>
/// <param name="MiddleLayerTotal">Layers of all stages between first and last.</param>
/// <param name="LeadingLayers">Dense layers before those with experts, on the first stage.</param>
/// <param name="RecomputedLayers">Layers of a stage that are computed again; a stage with fewer computes all of its own.</param>
/// <param name="Devices">Devices of the cluster, over all pools.</param>
/// <param name="HeldStages">Stages of the pipeline in the pool.</param>
public readonly record struct PlanInputs<T>(
    T Tensor,
    T Context,
    T Pipeline,
    T VirtualStages,
    T Data,
    T Expert,
    T ExpertTensor,
    T ShardGroup,
    T MicroBatch,
    T MicroBatches,
    T FirstLayers,
    T MiddleLayers,
    T LastLayers,
    T MiddleLayerTotal,
    T LeadingLayers,
    T RecomputedLayers,
    T Devices,
    T HeldStages)
    where T : struct, IReal<T>
{
    /// <summary>Ranks that share the gradients of everything but routed experts, D·c, twice that with DualPipe.</summary>
    /// <param name="shape">The discrete side of the plan.</param>
    public T Copies(in PlanShape shape) => shape.Schedule == PipelineScheduleKind.DualPipe
        ? T.Literal(2) * Data * Context
        : Data * Context;

    /// <summary>Ranks that hold the same experts, t·c·D/(e·x), twice that with DualPipe.</summary>
    /// <param name="shape">The discrete side of the plan.</param>
    public T ExpertData(in PlanShape shape) => Tensor * Copies(shape) / (Expert * ExpertTensor);

    /// <summary>Takes each number from <paramref name="number"/>.</summary>
    public static PlanInputs<T> From(Func<PlanNumber, T> number) => new(
        number(PlanNumber.Tensor),
        number(PlanNumber.Context),
        number(PlanNumber.Pipeline),
        number(PlanNumber.VirtualStages),
        number(PlanNumber.Data),
        number(PlanNumber.Expert),
        number(PlanNumber.ExpertTensor),
        number(PlanNumber.ShardGroup),
        number(PlanNumber.MicroBatch),
        number(PlanNumber.MicroBatches),
        number(PlanNumber.FirstLayers),
        number(PlanNumber.MiddleLayers),
        number(PlanNumber.LastLayers),
        number(PlanNumber.MiddleLayerTotal),
        number(PlanNumber.LeadingLayers),
        number(PlanNumber.RecomputedLayers),
        number(PlanNumber.Devices),
        number(PlanNumber.HeldStages));
}

/// <summary>A plan with its layers split over its stages: the source of <see cref="PlanInputs{T}"/>.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Layers">Its layers by stage.</param>
public readonly record struct SplitPlan(TrainingPlan Plan, LayerSplit Layers)
{
    /// <summary>Data-parallel replicas in other pools, beside the <see cref="TrainingPlan.Data"/> of this one.</summary>
    public int OtherReplicas { get; init; }

    /// <summary>The stages of the pipeline in this pool; its layers are those of <see cref="Layers"/>.</summary>
    public StageSpan Span { get; init; }

    /// <summary>Data-parallel replicas over all pools.</summary>
    public int Replicas => Plan.Data + OtherReplicas;

    /// <summary>Stages in this pool.</summary>
    public int HeldStages => Span.IsPart ? Span.Count : Plan.Pipeline;

    /// <summary>Devices of this pool.</summary>
    public long PoolDevices => (long)Plan.Tensor * Plan.Context * Plan.Data * HeldStages;

    /// <summary>One number of the plan.</summary>
    public double this[PlanNumber number] => number switch
    {
        PlanNumber.Tensor => Plan.Tensor,
        PlanNumber.Context => Plan.Context,
        PlanNumber.Pipeline => Plan.Pipeline,
        PlanNumber.VirtualStages => Plan.VirtualStages,
        PlanNumber.Data => Replicas,
        PlanNumber.Expert => Plan.Expert,
        PlanNumber.ExpertTensor => Plan.ExpertTensor,
        PlanNumber.ShardGroup => Math.Max(1, Plan.ShardGroup),
        PlanNumber.MicroBatch => Plan.MicroBatch,
        PlanNumber.MicroBatches => Plan.MicroBatches,
        PlanNumber.FirstLayers => Layers.First,
        PlanNumber.MiddleLayers => Layers.Middle,
        PlanNumber.LastLayers => Layers.Last,
        PlanNumber.MiddleLayerTotal => Layers.MiddleTotal,
        PlanNumber.LeadingLayers => Layers.Leading,
        PlanNumber.RecomputedLayers => RecomputedLayers,
        PlanNumber.Devices => (long)Plan.Tensor * Plan.Context * Plan.Pipeline * Replicas,
        PlanNumber.HeldStages => HeldStages,
        _ => throw new ArgumentOutOfRangeException(nameof(number), number, "No such number of a plan."),
    };

    /// <summary>Layers of one stage in this pool.</summary>
    /// <param name="stage">The stage, counted from 0 over the whole pipeline.</param>
    public int LayersOf(int stage)
    {
        int last = Plan.Pipeline - 1;
        if (!Span.IsPart || stage == 0 || stage == last)
        {
            return Layers.LayersOf(stage, Plan.Pipeline);
        }

        // Of the stages between first and last, the fuller ones of a pool come first.
        int start = Math.Max(1, Span.First);
        int count = Math.Min(last, Span.First + Span.Count) - start;
        int fuller = Layers.MiddleTotal - ((Layers.Middle - 1) * count);
        return stage - start < fuller ? Layers.Middle : Layers.Middle - 1;
    }

    private int RecomputedLayers => Plan.Recompute.Kind != Recomputation.Full
        ? 0
        : Plan.Recompute.Layers > 0 ? Plan.Recompute.Layers : Layers.Most;
}
