using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Bytes that a parameter takes on a device before sharding.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Weight">The weight itself, with copies in lower precision.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="Optimizer">Master weight and moments.</param>
public sealed record StateBytes<T>(Bytes<T> Weight, Bytes<T> Gradient, Bytes<T> Optimizer)
    where T : struct, IReal<T>;

/// <summary>Memory beside weights, gradients, optimizer state and activations.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Context">Runtime context and libraries.</param>
/// <param name="Communicator">Buffers of the communication library.</param>
/// <param name="Allocated">Share of the reserved memory that is allocated; the rest is fragmented.</param>
public sealed record OverheadInputs<T>(Bytes<T> Context, Bytes<T> Communicator, T Allocated)
    where T : struct, IReal<T>;

/// <summary>Memory of a device on one stage.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Weights">Weights.</param>
/// <param name="Gradients">Gradients.</param>
/// <param name="Optimizer">Optimizer state.</param>
/// <param name="Activations">Activations of the micro-batches in flight.</param>
/// <param name="Overhead">Runtime overhead.</param>
public readonly record struct MemoryUse<T>(
    Bytes<T> Weights,
    Bytes<T> Gradients,
    Bytes<T> Optimizer,
    Bytes<T> Activations,
    Bytes<T> Overhead)
    where T : struct, IReal<T>
{
    /// <summary>All of it.</summary>
    public Bytes<T> Total => (Weights + Gradients + Optimizer + Activations + Overhead).Named(Equations.MemoryTotal);
}

/// <summary>What a stage holds.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layers">Its layers.</param>
/// <param name="Parameters">Parameters of a device, embedding and head included.</param>
/// <param name="LayerParameters">Parameters of a device in one layer.</param>
/// <param name="InFlight">Micro-batches whose activations it holds at once.</param>
/// <param name="HasHead">Whether it computes the loss.</param>
public readonly record struct StageContents<T>(T Layers, T Parameters, T LayerParameters, T InFlight, bool HasHead)
    where T : struct, IReal<T>;

/// <summary>Bytes that a parameter takes on a device after sharding.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Weight">Weights.</param>
/// <param name="Gradient">Gradients.</param>
/// <param name="Optimizer">Master weight and moments.</param>
/// <param name="Gathered">Bytes of a parameter of a layer that is whole while it is at work; zero unless weights are sharded.</param>
public readonly record struct ShardedState<T>(Bytes<T> Weight, Bytes<T> Gradient, Bytes<T> Optimizer, Bytes<T> Gathered)
    where T : struct, IReal<T>
{
    /// <summary>The share of a data-parallel rank.</summary>
    /// <param name="state">Bytes before sharding.</param>
    /// <param name="sharding">What the ranks split.</param>
    /// <param name="data">Ranks D.</param>
    public static ShardedState<T> Of(StateBytes<T> state, Sharding sharding, T data)
    {
        T share = T.Literal(1) / data;
        bool whole = sharding == Sharding.Zero3;
        return new(
            whole ? state.Weight * share : state.Weight,
            sharding >= Sharding.Zero2 ? state.Gradient * share : state.Gradient,
            sharding >= Sharding.Zero1 ? state.Optimizer * share : state.Optimizer,
            whole ? state.Weight + state.Gradient : Bytes<T>.Zero);
    }
}

/// <summary>Memory of a device.</summary>
public static class Memory
{
    /// <summary>Memory of a device on a stage.</summary>
    /// <remarks>Eq. MEM-1 to MEM-6.</remarks>
    public static MemoryUse<T> Stage<T>(
        in StageContents<T> stage,
        in ShardedState<T> state,
        ActivationBytes<T> activations,
        Recomputation recomputation,
        OverheadInputs<T> overhead)
        where T : struct, IReal<T>
    {
        // Two units are whole at a time, where there are two: the one in use and the one being gathered, each with its
        // gradient.
        T whole = T.Min(T.Literal(2), stage.Layers) * stage.LayerParameters;
        Bytes<T> weights = ((state.Weight * stage.Parameters) + (state.Gathered * whole)).Named(Equations.WeightMemory);
        Bytes<T> gradients = (state.Gradient * stage.Parameters).Named(Equations.GradientMemory);
        Bytes<T> optimizer = (state.Optimizer * stage.Parameters).Named(Equations.OptimizerMemory);
        Bytes<T> kept = Activations.Stage(stage, activations, recomputation).Named(Equations.ActivationMemory);
        return new(weights, gradients, optimizer, kept, Overhead(weights + gradients + optimizer + kept, overhead));
    }

    private static Bytes<T> Overhead<T>(Bytes<T> allocated, OverheadInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Bytes<T> fragmented = allocated * ((T.Literal(1) / inputs.Allocated) - T.Literal(1));
        return (inputs.Context + inputs.Communicator + fragmented).Named(Equations.OverheadMemory);
    }
}
