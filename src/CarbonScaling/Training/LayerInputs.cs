using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The discrete choices that decide what a layer does.</summary>
public sealed record LayerOptions
{
    /// <summary>Whether norms and residuals are split along the sequence over the tensor-parallel ranks.</summary>
    public bool SequenceParallel { get; init; }

    /// <summary>Parts of the layer that are computed again.</summary>
    public RecomputeModules Recompute { get; init; }

    /// <summary>The attention kernel.</summary>
    public AttentionKernel Attention { get; init; }

    /// <summary>Whether dropout is applied.</summary>
    public bool Dropout { get; init; }

    /// <summary>How the parts of a sequence meet.</summary>
    public ContextMode ContextMode { get; init; }

    /// <summary>How tensor-parallel communication is hidden.</summary>
    public TensorOverlap TensorOverlap { get; init; }

    /// <summary>Whether tensor-parallel communication of the backward pass runs beside products that do not need it.</summary>
    public bool OverlapsTensorBackward { get; init; } = true;

    /// <summary>How tokens reach their experts.</summary>
    public MoeDispatcher Dispatcher { get; init; }

    /// <summary>How the inputs of the nonlinearity wait for the backward pass.</summary>
    public NonlinearityStorage NonlinearityInputs { get; init; }

    /// <summary>Whether tokens reach their experts quantised, so that the products there need not quantise them.</summary>
    public bool PacksDispatch { get; init; }

    /// <summary>Whether activations wait for the backward pass in the memory of the host.</summary>
    public bool OffloadsActivations { get; init; }

    /// <summary>Whether only the input of a layer is kept, because all layers are computed again.</summary>
    public bool KeepsInputsOnly { get; init; }
}

/// <summary>One micro-batch on one rank.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
public sealed record LayerInputs<T>
    where T : struct, IReal<T>
{
    /// <summary>Dimensions of the model.</summary>
    public required TransformerShape<T> Model { get; init; }

    /// <summary>Tokens of a sequence s.</summary>
    public required T SequenceLength { get; init; }

    /// <summary>Sequences of a micro-batch b.</summary>
    public required T MicroBatch { get; init; }

    /// <summary>Tensor-parallel degree t.</summary>
    public required T Tensor { get; init; }

    /// <summary>Context-parallel degree c.</summary>
    public required T Context { get; init; }

    /// <summary>Expert-parallel degree e.</summary>
    public required T Expert { get; init; }

    /// <summary>Tensor-parallel degree inside an expert x.</summary>
    public required T ExpertTensor { get; init; }

    /// <summary>The tensor-parallel ranks.</summary>
    public required GroupInputs<T> TensorGroup { get; init; }

    /// <summary>The context-parallel ranks.</summary>
    public required GroupInputs<T> ContextGroup { get; init; }

    /// <summary>The expert-parallel ranks.</summary>
    public required GroupInputs<T> ExpertGroup { get; init; }

    /// <summary>The ranks that split an expert.</summary>
    public required GroupInputs<T> ExpertTensorGroup { get; init; }

    /// <summary>Bytes of an activation: 4 in single precision, else 2.</summary>
    public required T ElementBytes { get; init; }

    /// <summary>Bytes of an element of a product's input as it is kept for the backward pass.</summary>
    public required T ProductBytes { get; init; }

    /// <summary>Bytes of an element on its way to an expert.</summary>
    public required T DispatchBytes { get; init; }

    /// <summary>The discrete choices.</summary>
    public required LayerOptions Options { get; init; }

    /// <summary>Tokens of a micro-batch on a context-parallel rank, T = s·b/c.</summary>
    public T Tokens => SequenceLength * MicroBatch / Context;

    /// <summary>Elements of the residual stream of a micro-batch, T·h.</summary>
    public T Residual => Tokens * Model.Hidden;

    /// <summary>Ranks over which the residual stream is split: t with sequence parallelism, else 1.</summary>
    public T ResidualRanks => Options.SequenceParallel ? Tensor : T.Literal(1);

    /// <summary>Width of the query heads of a rank.</summary>
    public T QueryWidth => Model.QueryWidth / Tensor;

    /// <summary>Width of the key heads of a rank; a rank holds one at least.</summary>
    public T KeyWidth => Model.HasLatentAttention
        ? Model.KeyWidth / Tensor
        : T.Max(Model.KeyValueHeads / Tensor, T.Literal(1)) * Model.HeadDimension;

    /// <summary>Width of the value heads of a rank.</summary>
    public T ValueWidth => Model.HasLatentAttention ? Model.ValueWidth / Tensor : KeyWidth;

    /// <summary>Width of the result of attention on a rank.</summary>
    public T ContextWidth => Model.ContextWidth / Tensor;

    /// <summary>Inner width of the feed-forward block of a rank.</summary>
    public T FeedForward => Model.FeedForward / Tensor;

    /// <summary>Attention scores of a rank, a·s²·b/(t·c).</summary>
    public T Scores => Model.Heads / Tensor * SequenceLength * Tokens;
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
/// <param name="Routing">How tokens spread over experts.</param>
/// <param name="Host">The link to the host and the host's memory.</param>
public sealed record MachineInputs<T>(
    GemmInputs<T> Products,
    GemmInputs<T> SixteenBitProducts,
    AttentionInputs<T>? Attention,
    MemoryInputs<T> Memory,
    StackInputs<T> Stack,
    NetworkInputs<T> Network,
    OptimizerInputs<T> Optimizer,
    T DevicesPerNode,
    RoutingInputs<T> Routing,
    HostInputs<T> Host)
    where T : struct, IReal<T>;

/// <summary>How tokens spread over experts.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Deviation">Standard deviation of the load of an expert, over the mean.</param>
/// <param name="Imbalance">Load of the busiest expert-parallel rank over the mean, where it is given.</param>
/// <param name="HiddenShare">Share of the device's compute that hidden communication among experts takes.</param>
public sealed record RoutingInputs<T>(T Deviation, T? Imbalance, T HiddenShare)
    where T : struct, IReal<T>;

/// <summary>The host as a device sees it.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Link">Bandwidth that copies between device and host reach, per direction.</param>
/// <param name="Memory">Bandwidth of the host's memory per device, where its processors update offloaded state.</param>
public sealed record HostInputs<T>(BytesPerSecond<T> Link, BytesPerSecond<T> Memory)
    where T : struct, IReal<T>;
