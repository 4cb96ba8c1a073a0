using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the kernels of a layer that only move data: norms, residuals, activations, layout, permutation.</summary>
public static class Elementwise
{
    /// <summary>Norms and the residual addition of one of the two blocks of a layer, forward.</summary>
    /// <remarks>Eq. COMP-5, in elements read and written: a norm 2, the addition 3; a dropout mask one byte.</remarks>
    public static Seconds<T> ResidualForward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T elements = T.Literal(layer.Model.Traits.NormsPerLayer + 3);
        return OnResidual(elements, layer, machine).Named(Equations.ResidualForward);
    }

    /// <summary>The norms of one block alone, which may be computed again.</summary>
    public static Seconds<T> NormForward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => Kernel(
        new Bytes<T>(T.Literal(layer.Model.Traits.NormsPerLayer) * layer.ElementBytes * layer.Residual / layer.ResidualRanks),
        machine.Memory);

    /// <summary>Norms and the sum of residual gradients of one block, backward.</summary>
    /// <remarks>Eq. COMP-6, in elements: a norm 3, the sum 3, dropout 2 where applied.</remarks>
    public static Seconds<T> ResidualBackward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        double norms = 1.5 * layer.Model.Traits.NormsPerLayer;
        T elements = T.Literal(norms + (layer.Options.Dropout ? 5 : 3));
        return OnResidual(elements, layer, machine).Named(Equations.ResidualBackward);
    }

    /// <summary>Layout and rotation of queries, keys, values and the result of attention, in either direction.</summary>
    /// <remarks>Eq. COMP-11: each read and written once; queries and keys once more where they are normalised.</remarks>
    public static Seconds<T> Heads<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T two = T.Literal(2);
        T widths = layer.QueryWidth + layer.KeyWidth + layer.ValueWidth + layer.ContextWidth;
        T normed = layer.Model.Traits.QueryKeyNorm == QueryKeyNorm.None
            ? T.Literal(0)
            : layer.QueryWidth + layer.KeyWidth;
        return Kernel(new Bytes<T>(two * layer.Tokens * (widths + normed) * layer.ElementBytes), machine.Memory)
            .Named(Equations.HeadLayout);
    }

    /// <summary>The nonlinearity of a feed-forward block, forward.</summary>
    /// <remarks>Eq. COMP-12: 1 + gates elements a token and channel.</remarks>
    /// <param name="channels">Tokens × inner width on a rank.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="machine">The device.</param>
    public static Seconds<T> NonlinearityForward<T>(T channels, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        Kernel(new Bytes<T>((layer.Model.Gates + T.Literal(1)) * channels * layer.ElementBytes), machine.Memory)
            .Named(Equations.NonlinearityForward);

    /// <summary>The nonlinearity of a feed-forward block, backward.</summary>
    /// <remarks>Eq. COMP-13: 1 + 2·gates elements a token and channel.</remarks>
    /// <param name="channels">Tokens × inner width on a rank.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="machine">The device.</param>
    public static Seconds<T> NonlinearityBackward<T>(T channels, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        Kernel(
            new Bytes<T>(((T.Literal(2) * layer.Model.Gates) + T.Literal(1)) * channels * layer.ElementBytes),
            machine.Memory).Named(Equations.NonlinearityBackward);

    /// <summary>Reads and writes of adding weight gradients to their running sum.</summary>
    /// <remarks>Eq. COMP-7: P · w / BW.</remarks>
    /// <param name="parameters">Parameters of a device.</param>
    /// <param name="machine">The device and the software.</param>
    public static Seconds<T> AccumulateGradients<T>(T parameters, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        (machine.Stack.AccumulationBytes * parameters / machine.Memory.Bandwidth).Named(Equations.GradientAccumulation);

    /// <summary>Time to move bytes in one kernel.</summary>
    public static Seconds<T> Kernel<T>(Bytes<T> bytes, MemoryInputs<T> memory)
        where T : struct, IReal<T> => memory.KernelLatency + (bytes / memory.Bandwidth);

    // All kernels of a pass but those counted one by one: half of them in each block.
    private static Seconds<T> OnResidual<T>(T elements, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T mask = T.Literal(layer.Options.Dropout ? 1 : 0);
        Bytes<T> bytes = new(((elements * layer.ElementBytes) + mask) * layer.Residual / layer.ResidualRanks);
        T kernels = machine.Memory.KernelsPerPass / T.Literal(2) - T.Literal(1);
        return (machine.Memory.KernelLatency * kernels) + (bytes / machine.Memory.Bandwidth);
    }
}
