using CarbonScaling.Training;

namespace CarbonScaling.Planning.Search;

/// <summary>What of a plan concerns a single layer: candidates that share it share the layer's cost.</summary>
/// <param name="Tensor">Tensor-parallel degree.</param>
/// <param name="Context">Context-parallel degree.</param>
/// <param name="ContextMode">How the parts of a sequence meet.</param>
/// <param name="Expert">Expert-parallel degree.</param>
/// <param name="ExpertTensor">Tensor-parallel degree inside an expert.</param>
/// <param name="MicroBatch">Sequences of a micro-batch.</param>
/// <param name="SequenceParallel">Whether the residual stream is split.</param>
/// <param name="Recompute">What is computed again.</param>
/// <param name="TensorOverlap">How tensor-parallel communication is hidden.</param>
/// <param name="Offload">What the host keeps.</param>
internal readonly record struct LayerChoice(
    int Tensor,
    int Context,
    ContextMode ContextMode,
    int Expert,
    int ExpertTensor,
    int MicroBatch,
    bool SequenceParallel,
    RecomputePlan Recompute,
    TensorOverlap TensorOverlap,
    Offload Offload)
{
    /// <summary>A plan with these choices and nothing sharded.</summary>
    /// <param name="pipeline">Pipeline-parallel degree.</param>
    /// <param name="stages">Chunks and order of the pipeline.</param>
    /// <param name="data">Data-parallel degree.</param>
    /// <param name="microBatches">Micro-batches per step.</param>
    public TrainingPlan Plan(int pipeline, PipelineChoice stages, int data, int microBatches) => new(
        Tensor,
        pipeline,
        stages.VirtualStages,
        data,
        MicroBatch,
        microBatches,
        SequenceParallel,
        Sharding.None,
        Recompute,
        stages.Schedule)
    {
        Context = Context,
        ContextMode = ContextMode,
        Expert = Expert,
        ExpertTensor = ExpertTensor,
        TensorOverlap = TensorOverlap,
        Offload = Offload,
    };
}

/// <summary>What data-parallel ranks split.</summary>
/// <param name="Kind">What.</param>
/// <param name="Group">Ranks that split one copy, with hybrid sharding; else 0.</param>
internal readonly record struct ShardingChoice(Sharding Kind, int Group);
