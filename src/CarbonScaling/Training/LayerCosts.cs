using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The part of a plan's cost that does not depend on pipeline and data parallelism.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">Passes through one layer beyond the leading ones.</param>
/// <param name="Leading">Passes through one of the leading dense layers; the same where all are alike.</param>
/// <param name="Embedding">Passes through the embedding.</param>
/// <param name="Head">Passes through the head.</param>
/// <param name="Parameters">Parameters of a device.</param>
/// <param name="Activations">Activations of a micro-batch.</param>
/// <param name="Message">What a stage sends to the next of a micro-batch, on one device.</param>
public sealed record LayerCosts<T>(
    PassPair<T> Layer,
    PassPair<T> Leading,
    PassPair<T> Embedding,
    PassPair<T> Head,
    RankParameters<T> Parameters,
    ActivationBytes<T> Activations,
    Bytes<T> Message)
    where T : struct, IReal<T>
{
    /// <summary>Whether the leading layers differ from those beyond.</summary>
    public bool HasLeading { get; } = !ReferenceEquals(Leading, Layer);
}
