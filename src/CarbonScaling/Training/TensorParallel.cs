using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Exposed communication of the tensor-parallel ranks in a layer.</summary>
public static class TensorParallel
{
    /// <summary>Forward pass of a layer.</summary>
    /// <remarks>
    /// Eq. TP-1: two all-reduces of the residual stream, or with sequence parallelism two all-gathers and two
    /// reduce-scatters; all exposed.
    /// </remarks>
    public static Seconds<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> residual = Residual(layer);
        Seconds<T> once = layer.Options.SequenceParallel
            ? Collectives.AllGather(residual, layer.TensorGroup, machine.Network)
                + Collectives.ReduceScatter(residual, layer.TensorGroup, machine.Network)
            : Collectives.AllReduce(residual, layer.TensorGroup, machine.Network);
        return (T.Literal(2) * once).Named(Equations.TensorForward);
    }

    /// <summary>Backward pass of a layer, without what is computed again.</summary>
    /// <remarks>
    /// Eq. TP-2: the reduction of a column-split layer's input gradient runs beside its weight-gradient product. With
    /// sequence parallelism it is a reduce-scatter, the input is gathered again beside the input-gradient product, and
    /// the output gradient of each row-split layer is gathered first, exposed (Korthikanti et al. 2022, section 4).
    /// </remarks>
    public static Seconds<T> Backward<T>(
        LayerInputs<T> layer, in LayerProducts<T> backward, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> residual = Residual(layer);
        T interference = machine.Stack.Interference;
        if (!layer.Options.SequenceParallel)
        {
            Seconds<T> reduce = Collectives.AllReduce(residual, layer.TensorGroup, machine.Network);
            return (Collectives.Exposed(reduce, backward.QueryKeyValue, interference)
                + Collectives.Exposed(reduce, backward.FeedForwardIn, interference)).Named(Equations.TensorBackward);
        }

        Seconds<T> gather = Collectives.AllGather(residual, layer.TensorGroup, machine.Network);
        Seconds<T> scatter = Collectives.ReduceScatter(residual, layer.TensorGroup, machine.Network);
        Seconds<T> attention = Collectives.Exposed(gather, backward.QueryKeyValue, interference)
            + Collectives.Exposed(scatter, backward.QueryKeyValue, interference);
        Seconds<T> feedForward = Collectives.Exposed(gather, backward.FeedForwardIn, interference)
            + Collectives.Exposed(scatter, backward.FeedForwardIn, interference);
        return ((T.Literal(2) * gather) + attention + feedForward).Named(Equations.TensorBackward);
    }

    /// <summary>The residual stream of a micro-batch.</summary>
    internal static Bytes<T> Residual<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => new(layer.Residual * layer.ElementBytes);
}
