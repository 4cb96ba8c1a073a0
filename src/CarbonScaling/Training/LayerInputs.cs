using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The discrete choices that decide what a layer does.</summary>
/// <param name="SequenceParallel">Whether norms and residuals are split along the sequence over the tensor-parallel ranks.</param>
/// <param name="Recomputation">What is computed again in the backward pass.</param>
/// <param name="Attention">The attention kernel.</param>
/// <param name="Dropout">Whether dropout is applied.</param>
public readonly record struct LayerOptions(
    bool SequenceParallel,
    Recomputation Recomputation,
    AttentionKernel Attention,
    bool Dropout);

/// <summary>One micro-batch on one tensor-parallel rank.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Model">Dimensions of the model.</param>
/// <param name="SequenceLength">Tokens of a sequence s.</param>
/// <param name="MicroBatch">Sequences of a micro-batch b.</param>
/// <param name="Tensor">Tensor-parallel degree t.</param>
/// <param name="TensorGroup">The tensor-parallel ranks.</param>
/// <param name="ElementBytes">Bytes of an activation: 4 in single precision, else 2.</param>
/// <param name="Options">The discrete choices.</param>
public sealed record LayerInputs<T>(
    TransformerShape<T> Model,
    T SequenceLength,
    T MicroBatch,
    T Tensor,
    GroupInputs<T> TensorGroup,
    T ElementBytes,
    LayerOptions Options)
    where T : struct, IReal<T>
{
    /// <summary>Tokens of a micro-batch.</summary>
    public T Tokens => SequenceLength * MicroBatch;

    /// <summary>Elements of the residual stream of a micro-batch, T·h.</summary>
    public T Residual => Tokens * Model.Hidden;

    /// <summary>Ranks over which the residual stream is split: t with sequence parallelism, else 1.</summary>
    public T ResidualRanks => Options.SequenceParallel ? Tensor : T.Literal(1);

    /// <summary>Width of the query heads of a rank.</summary>
    public T QueryWidth => Model.QueryWidth / Tensor;

    /// <summary>Width of the key heads of a rank; a rank holds one at least.</summary>
    public T KeyWidth => T.Max(Model.KeyValueHeads / Tensor, T.Literal(1)) * Model.HeadDimension;

    /// <summary>Inner width of the feed-forward block of a rank.</summary>
    public T FeedForward => Model.FeedForward / Tensor;

    /// <summary>Attention scores of a rank, a·s²·b/t.</summary>
    public T Scores => Model.Heads / Tensor * SequenceLength * SequenceLength * MicroBatch;
}

/// <summary>The device and the software that a step runs on.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Products">Matrix products of the layers.</param>
/// <param name="SixteenBitProducts">Matrix products of the head and of unfused attention.</param>
/// <param name="Attention">The fused attention kernel; null where the attention is not fused.</param>
/// <param name="Memory">Kernels that only move data.</param>
/// <param name="Stack">The training software.</param>
/// <param name="Network">The network between nodes.</param>
/// <param name="Optimizer">The optimizer step.</param>
/// <param name="DevicesPerNode">Devices of a node.</param>
public sealed record MachineInputs<T>(
    GemmInputs<T> Products,
    GemmInputs<T> SixteenBitProducts,
    AttentionInputs<T>? Attention,
    MemoryInputs<T> Memory,
    StackInputs<T> Stack,
    NetworkInputs<T> Network,
    OptimizerInputs<T> Optimizer,
    T DevicesPerNode)
    where T : struct, IReal<T>;
