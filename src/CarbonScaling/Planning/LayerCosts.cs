using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The part of a plan's cost that depends on tensor parallelism and micro-batch alone.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Inputs">One micro-batch on one tensor-parallel rank.</param>
/// <param name="Layer">Passes through one layer.</param>
/// <param name="Embedding">Passes through the embedding.</param>
/// <param name="Head">Passes through the head.</param>
/// <param name="Parameters">Parameters of a device.</param>
public readonly record struct LayerCosts<T>(
    LayerInputs<T> Inputs,
    PassPair<T> Layer,
    PassPair<T> Embedding,
    PassPair<T> Head,
    RankParameters<T> Parameters)
    where T : struct, IReal<T>;
