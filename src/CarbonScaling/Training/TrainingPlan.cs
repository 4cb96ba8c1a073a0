namespace CarbonScaling.Training;

/// <summary>How a training step is laid out over the devices.</summary>
/// <param name="Tensor">Tensor-parallel degree t.</param>
/// <param name="Pipeline">Pipeline-parallel degree p.</param>
/// <param name="VirtualStages">Chunks of the model on each stage v.</param>
/// <param name="Data">Data-parallel degree D.</param>
/// <param name="MicroBatch">Sequences of a micro-batch b.</param>
/// <param name="MicroBatches">Micro-batches per data-parallel rank and step m.</param>
/// <param name="SequenceParallel">Whether norms and residuals are split over the tensor-parallel ranks.</param>
/// <param name="Sharding">What data-parallel ranks split among themselves.</param>
/// <param name="Recompute">What is computed again in the backward pass.</param>
/// <param name="Schedule">The order of forward and backward passes.</param>
public readonly record struct TrainingPlan(
    int Tensor,
    int Pipeline,
    int VirtualStages,
    int Data,
    int MicroBatch,
    int MicroBatches,
    bool SequenceParallel,
    Sharding Sharding,
    RecomputePlan Recompute,
    PipelineScheduleKind Schedule)
{
    /// <summary>Context-parallel degree c: parts of a sequence.</summary>
    public int Context { get; init; } = 1;

    /// <summary>How the parts of a sequence meet; without effect for one part.</summary>
    public ContextMode ContextMode { get; init; } = ContextMode.Ring;

    /// <summary>
    /// Expert-parallel degree e: ranks over which the experts of a layer are spread. Expert × expert-tensor ranks lie
    /// inside the tensor × context × data ranks of a stage.
    /// </summary>
    public int Expert { get; init; } = 1;

    /// <summary>Tensor-parallel degree x inside an expert.</summary>
    public int ExpertTensor { get; init; } = 1;

    /// <summary>Ranks that split one copy of the state among themselves; only with <see cref="Sharding.Hsdp"/>, else 0.</summary>
    public int ShardGroup { get; init; }

    /// <summary>How tensor-parallel communication is hidden.</summary>
    public TensorOverlap TensorOverlap { get; init; } = TensorOverlap.None;

    /// <summary>What is kept in the memory of the host.</summary>
    public Offload Offload { get; init; } = Offload.None;

    /// <summary>Devices that the plan uses: tensor × context × pipeline × data.</summary>
    public long Devices => (long)Tensor * Context * Pipeline * Data;

    /// <summary>Sequences of a step.</summary>
    public long GlobalBatch => (long)Data * MicroBatch * MicroBatches;

    /// <summary>Ranks that hold the same experts, D_e = t·c·D/(e·x).</summary>
    public long ExpertData => (long)Tensor * Context * Data / ((long)Expert * ExpertTensor);
}
