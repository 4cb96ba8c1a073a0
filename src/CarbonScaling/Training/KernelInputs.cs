using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What a matrix product takes on a device in a number format.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Peak">Peak dense rate.</param>
/// <param name="Efficiency">Fraction of the peak that large products approach.</param>
/// <param name="BackwardRatio">Efficiency of the backward products over that of the forward ones.</param>
/// <param name="Launch">Fixed time of a product.</param>
/// <param name="MemoryFactor">Weight κ of the time to move the operands.</param>
/// <param name="Bandwidth">Memory bandwidth.</param>
/// <param name="OperandBytes">Bytes of an element of the operands.</param>
/// <param name="ResultBytes">Bytes of an element of the result.</param>
/// <param name="Quantisation">
/// Bytes that quantising moves per element of an activation or of a gradient; null where operands are not quantised.
/// </param>
public sealed record GemmInputs<T>(
    FlopRate<T> Peak,
    T Efficiency,
    T BackwardRatio,
    Seconds<T> Launch,
    T MemoryFactor,
    BytesPerSecond<T> Bandwidth,
    T OperandBytes,
    T ResultBytes,
    Bytes<T>? Quantisation = null)
    where T : struct, IReal<T>;

/// <summary>What a fused attention kernel takes.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Efficiency">Fraction of the 16-bit peak on long sequences, of the causal FLOPs executed.</param>
/// <param name="HalfSequence">Sequence length at which half of it is reached.</param>
/// <param name="BackwardRatio">Efficiency of the backward kernel over that of the forward one.</param>
/// <param name="BackwardFlops">FLOPs of the backward kernel over those of the forward one.</param>
public sealed record AttentionInputs<T>(T Efficiency, T HalfSequence, T BackwardRatio, T BackwardFlops)
    where T : struct, IReal<T>;

/// <summary>What kernels that only move data take.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Bandwidth">Bandwidth that such kernels reach.</param>
/// <param name="KernelLatency">Fixed time of a kernel.</param>
/// <param name="KernelsPerPass">Such kernels in a pass through a layer.</param>
public sealed record MemoryInputs<T>(BytesPerSecond<T> Bandwidth, Seconds<T> KernelLatency, T KernelsPerPass)
    where T : struct, IReal<T>;

/// <summary>What the optimizer step moves per parameter.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Full">Over the whole gradient.</param>
/// <param name="Sharded">Over the optimizer state.</param>
public sealed record OptimizerInputs<T>(Bytes<T> Full, Bytes<T> Sharded)
    where T : struct, IReal<T>;

/// <summary>What the training software adds.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="FloorForward">Least time in which the host can launch a layer's forward pass.</param>
/// <param name="MixtureFloorForward">The same of a layer with experts.</param>
/// <param name="MixtureSynchronisation">Wait of a layer with experts for the host, which reads the counts of copies first.</param>
/// <param name="LaunchesPerExpert">Launches that each expert of a rank beyond the first adds to a product of experts: 1 one by one, 0 as a group.</param>
/// <param name="FloorBackwardRatio">The same for the backward pass, over the forward one.</param>
/// <param name="AccumulationBytes">Bytes moved per parameter and micro-batch to add up weight gradients.</param>
/// <param name="GradientBytes">Bytes held per parameter for gradients.</param>
/// <param name="ReductionBytes">Bytes sent per parameter to reduce gradients.</param>
/// <param name="Interference">Slow-down of overlapped compute and communication, as a share of the shorter.</param>
/// <param name="Straggling">Standard deviation of the nodes' speed, as a share of a step.</param>
/// <param name="StepConstant">Fixed time of a step.</param>
/// <param name="BucketBytes">Least size of the buckets in which gradients are reduced.</param>
/// <param name="BucketBytesPerRank">What that size is at least per data-parallel rank.</param>
public sealed record StackInputs<T>(
    Seconds<T> FloorForward,
    Seconds<T> MixtureFloorForward,
    Seconds<T> MixtureSynchronisation,
    T LaunchesPerExpert,
    T FloorBackwardRatio,
    Bytes<T> AccumulationBytes,
    Bytes<T> GradientBytes,
    Bytes<T> ReductionBytes,
    T Interference,
    T Straggling,
    Seconds<T> StepConstant,
    Bytes<T> BucketBytes,
    Bytes<T> BucketBytesPerRank)
    where T : struct, IReal<T>;
