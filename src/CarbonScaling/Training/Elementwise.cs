using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the kernels of a layer that only move data: norms, residuals, activations, layout.</summary>
public static class Elementwise
{
    /// <summary>Forward pass of a layer.</summary>
    /// <remarks>
    /// Eq. COMP-5, in elements read and written: two norms 2+2, two residual additions 3+3, the activation 1 + gates, the
    /// layout of query, key, value and context 2 each; dropout masks one byte each.
    /// </remarks>
    public static Seconds<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T elements = (T.Literal(10) * layer.Residual / layer.ResidualRanks)
            + ((layer.Model.Gates + T.Literal(1)) * layer.Tokens * layer.FeedForward)
            + Layout(layer);
        return Move(elements * layer.ElementBytes, Masks(layer), machine).Named(Equations.ElementwiseForward);
    }

    /// <summary>Backward pass of a layer.</summary>
    /// <remarks>
    /// Eq. COMP-6, in elements: two norms 3+3, two sums of residual gradients 3+3, dropout 2+2 where applied, the
    /// activation 1 + 2·gates, the layout of query, key, value and context 2 each.
    /// </remarks>
    public static Seconds<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T residual = T.Literal(layer.Options.Dropout ? 16 : 12);
        T elements = (residual * layer.Residual / layer.ResidualRanks)
            + (((layer.Model.Gates * T.Literal(2)) + T.Literal(1)) * layer.Tokens * layer.FeedForward)
            + Layout(layer);
        return Move(elements * layer.ElementBytes, Masks(layer), machine).Named(Equations.ElementwiseBackward);
    }

    /// <summary>Reads and writes of adding a layer's weight gradients to their running sum.</summary>
    /// <remarks>Eq. COMP-7: P/t · w / BW.</remarks>
    public static Seconds<T> AccumulateGradients<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T parameters = ParameterCount.LayerMatrices(layer.Model) / layer.Tensor;
        return (machine.Stack.AccumulationBytes * parameters / machine.Memory.Bandwidth)
            .Named(Equations.GradientAccumulation);
    }

    /// <summary>Time to move bytes in one kernel.</summary>
    public static Seconds<T> Kernel<T>(Bytes<T> bytes, MemoryInputs<T> memory)
        where T : struct, IReal<T> => memory.KernelLatency + (bytes / memory.Bandwidth);

    private static T Layout<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        T.Literal(4) * layer.Tokens * (layer.QueryWidth + layer.KeyWidth);

    private static Bytes<T> Masks<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        new(T.Literal(layer.Options.Dropout ? 2 : 0) * layer.Residual / layer.ResidualRanks);

    private static Seconds<T> Move<T>(T elementBytes, Bytes<T> masks, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> bytes = new Bytes<T>(elementBytes) + masks;
        return (machine.Memory.KernelLatency * machine.Memory.KernelsPerPass) + (bytes / machine.Memory.Bandwidth);
    }
}
