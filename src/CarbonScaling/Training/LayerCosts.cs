using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The part of a plan's cost that depends on tensor parallelism and micro-batch alone.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">Passes through one layer.</param>
/// <param name="Embedding">Passes through the embedding.</param>
/// <param name="Head">Passes through the head.</param>
/// <param name="Parameters">Parameters of a device.</param>
/// <param name="Activations">Activations of a micro-batch.</param>
/// <param name="Message">What a stage sends to the next of a micro-batch, on one device.</param>
/// <param name="ProductFlops">FLOPs per token executed in matrix products.</param>
public sealed record LayerCosts<T>(
    PassPair<T> Layer,
    PassPair<T> Embedding,
    PassPair<T> Head,
    RankParameters<T> Parameters,
    ActivationBytes<T> Activations,
    Bytes<T> Message,
    Flops<T> ProductFlops)
    where T : struct, IReal<T>;
