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
/// <param name="Leading">Those of them that are leading dense layers.</param>
/// <param name="Recomputed">Layers that are computed again, at most all.</param>
/// <param name="Parameters">Parameters of a device, embedding and head included.</param>
/// <param name="LayerParameters">Parameters of a device in one layer, experts included.</param>
/// <param name="InFlight">Micro-batches whose activations it holds at once.</param>
/// <param name="HasHead">Whether it computes the loss.</param>
public readonly record struct StageContents<T>(
    T Layers, T Leading, T Recomputed, DeviceParameters<T> Parameters, T LayerParameters, T InFlight, bool HasHead)
    where T : struct, IReal<T>;

/// <summary>Bytes that a parameter takes on a device after sharding and offloading.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Weight">Weights.</param>
/// <param name="Gradient">Gradients.</param>
/// <param name="Optimizer">Master weight and moments.</param>
public readonly record struct ShardedState<T>(Bytes<T> Weight, Bytes<T> Gradient, Bytes<T> Optimizer)
    where T : struct, IReal<T>
{
    /// <summary>The share of a rank.</summary>
    /// <param name="state">Bytes before sharding.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="ranks">Ranks that split one copy.</param>
    public static ShardedState<T> Of(StateBytes<T> state, in PlanShape shape, T ranks)
    {
        T share = T.Literal(1) / ranks;
        Bytes<T> none = Bytes<T>.Zero;
        Bytes<T> weight = shape.ShardsWeights ? state.Weight * share : state.Weight;
        Bytes<T> optimizer = shape.Sharding >= Sharding.Zero1 ? state.Optimizer * share : state.Optimizer;
        return new(
            shape.Offload.HasFlag(Offload.Weights) ? none : weight,
            shape.ShardsGradients ? state.Gradient * share : state.Gradient,
            shape.Offload.HasFlag(Offload.Optimizer) ? none : optimizer);
    }
}

/// <summary>Memory of a device.</summary>
public static class Memory
{
    /// <summary>Memory of a device on a stage.</summary>
    /// <remarks>
    /// Eq. MEM-1 to MEM-6. Of weights that are split or kept by the host two layers are whole at a time, where there are
    /// two: the one in use and the one on its way, each with its gradient.
    /// </remarks>
    /// <param name="stage">What the stage holds.</param>
    /// <param name="common">State of a parameter that all data-parallel ranks share.</param>
    /// <param name="experts">State of a parameter of a routed expert.</param>
    /// <param name="activations">Activations of a micro-batch.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="inputs">Bytes of the state before sharding.</param>
    /// <param name="overhead">What else takes memory.</param>
    public static MemoryUse<T> Stage<T>(
        in StageContents<T> stage,
        in ShardedState<T> common,
        in ShardedState<T> experts,
        ActivationBytes<T> activations,
        in PlanShape shape,
        StateBytes<T> inputs,
        OverheadInputs<T> overhead)
        where T : struct, IReal<T>
    {
        DeviceParameters<T> parameters = stage.Parameters;
        Bytes<T> weights = (common.Weight * parameters.Common) + (experts.Weight * parameters.Experts);
        if (shape.ShardsWeights || shape.Offload.HasFlag(Offload.Weights))
        {
            // With DualPipe a device holds two stages.
            T two = T.Literal(2);
            T held = shape is { Pipelined: true, Schedule: PipelineScheduleKind.DualPipe } ? two * stage.Layers : stage.Layers;
            T whole = T.Min(two, held) * stage.LayerParameters;
            weights += (inputs.Weight + inputs.Gradient) * whole;
        }

        weights = weights.Named(Equations.WeightMemory);
        Bytes<T> gradients = ((common.Gradient * parameters.Common) + (experts.Gradient * parameters.Experts))
            .Named(Equations.GradientMemory);
        Bytes<T> optimizer = ((common.Optimizer * parameters.Common) + (experts.Optimizer * parameters.Experts))
            .Named(Equations.OptimizerMemory);
        Bytes<T> kept = Activations.Stage(stage, activations, shape).Named(Equations.ActivationMemory);
        return new(weights, gradients, optimizer, kept, Overhead(weights + gradients + optimizer + kept, overhead));
    }

    private static Bytes<T> Overhead<T>(Bytes<T> allocated, OverheadInputs<T> inputs)
        where T : struct, IReal<T>
    {
        Bytes<T> fragmented = allocated * ((T.Literal(1) / inputs.Allocated) - T.Literal(1));
        return (inputs.Context + inputs.Communicator + fragmented).Named(Equations.OverheadMemory);
    }
}
