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
/// <param name="Recomputation">What is computed again in the backward pass.</param>
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
    Recomputation Recomputation,
    PipelineScheduleKind Schedule)
{
    /// <summary>Devices that the plan uses.</summary>
    public long Devices => (long)Tensor * Pipeline * Data;

    /// <summary>Sequences of a step.</summary>
    public long GlobalBatch => (long)Data * MicroBatch * MicroBatches;
}
