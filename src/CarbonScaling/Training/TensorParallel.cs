using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Exposed communication of the tensor-parallel ranks in one block of a layer.</summary>
public static class TensorParallel
{
    /// <summary>Pieces in which a collective is cut to run beside the product that it feeds.</summary>
    private const double PipePieces = 4;

    /// <summary>Forward pass of a block.</summary>
    /// <remarks>
    /// Eq. TP-1: an all-reduce of the residual stream, or with sequence parallelism an all-gather before the products into
    /// the block and a reduce-scatter after the one out of it; exposed, or tiled (TP-3).
    /// </remarks>
    internal static Seconds<T> Forward<T>(LayerInputs<T> layer, in BlockProducts<T> products, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> residual = Residual(layer);
        Seconds<T> exposed = layer.Options.SequenceParallel
            ? Tiled(Collectives.AllGather(residual, layer.TensorGroup, machine.Network), products.Into, layer, machine)
                + Tiled(Collectives.ReduceScatter(residual, layer.TensorGroup, machine.Network), products.Out, layer, machine)
            : Collectives.AllReduce(residual, layer.TensorGroup, machine.Network);
        return exposed.Named(Equations.TensorForward);
    }

    /// <summary>Backward pass of a block, without what is computed again.</summary>
    /// <remarks>
    /// Eq. TP-2: the reduction of a column-split layer's input gradient runs beside its weight-gradient product. With
    /// sequence parallelism it is a reduce-scatter, the input is gathered again beside the input-gradient product, and
    /// the output gradient of each row-split layer is gathered first, exposed or tiled (Korthikanti et al. 2022,
    /// section 4). Without overlap all are exposed.
    /// </remarks>
    internal static Seconds<T> Backward<T>(LayerInputs<T> layer, in BlockProducts<T> products, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> residual = Residual(layer);
        if (!layer.Options.SequenceParallel)
        {
            return Beside(Collectives.AllReduce(residual, layer.TensorGroup, machine.Network), products.Into, layer, machine)
                .Named(Equations.TensorBackward);
        }

        Seconds<T> gather = Collectives.AllGather(residual, layer.TensorGroup, machine.Network);
        Seconds<T> scatter = Collectives.ReduceScatter(residual, layer.TensorGroup, machine.Network);
        return (Tiled(gather, products.Out, layer, machine)
            + Beside(gather, products.Into, layer, machine)
            + Beside(scatter, products.Into, layer, machine)).Named(Equations.TensorBackward);
    }

    /// <summary>The residual stream of a micro-batch.</summary>
    internal static Bytes<T> Residual<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => new(layer.Residual * layer.ElementBytes);

    private static Seconds<T> Beside<T>(
        Seconds<T> communication, Seconds<T> product, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => layer.Options.OverlapsTensorBackward
        ? Collectives.Exposed(communication, product, machine.Stack.Interference)
        : communication;

    /// <summary>What remains of a collective that is cut in pieces beside the product that it feeds.</summary>
    /// <remarks>
    /// Eq. TP-3: n/k + exposed(n − n/k, c − c/k) + (k − 1)·t₀, k = t pieces around a ring or 4 in a pipe: one piece has no
    /// product to hide behind, and each further piece of the product is a launch of its own.
    /// </remarks>
    private static Seconds<T> Tiled<T>(
        Seconds<T> communication, Seconds<T> product, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (layer.Options.TensorOverlap == TensorOverlap.None)
        {
            return communication;
        }

        T pieces = layer.Options.TensorOverlap == TensorOverlap.Ring ? layer.Tensor : T.Literal(PipePieces);
        T one = T.Literal(1);
        T rest = one - (one / pieces);
        Seconds<T> hidden = Collectives.Exposed(communication * rest, product * rest, machine.Stack.Interference);
        return ((communication / pieces) + hidden + (machine.Products.Launch * (pieces - one))).Named(Equations.TiledTensor);
    }
}
