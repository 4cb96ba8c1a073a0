using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What the data-parallel ranks exchange: weights and gradients.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Parameters">Parameters of a device on the fullest stage.</param>
/// <param name="LayerParameters">Parameters of a device in one layer.</param>
/// <param name="Layers">Layers of the stage.</param>
/// <param name="Group">The data-parallel ranks.</param>
/// <param name="WeightBytes">Bytes of a weight on the wire: 4 in single precision, else 2.</param>
/// <param name="BucketBytes">Least size of the buckets in which gradients are reduced.</param>
public readonly record struct DataParallelInputs<T>(
    T Parameters,
    T LayerParameters,
    T Layers,
    GroupInputs<T> Group,
    T WeightBytes,
    Bytes<T> BucketBytes)
    where T : struct, IReal<T>;

/// <summary>Exposed time of the exchange among data-parallel ranks.</summary>
public static class DataParallel
{
    /// <summary>Exposed time at the end of a step: reducing the gradients and gathering the updated weights.</summary>
    /// <remarks>
    /// Eq. DP-1: without sharding an all-reduce; with sharded optimizer state a reduce-scatter and an all-gather; with
    /// sharded gradients only the all-gather; with sharded weights nothing. Where the software overlaps, all but the last
    /// bucket runs beside the backward (forward) pass of one micro-batch.
    /// </remarks>
    public static Seconds<T> EndOfStep<T>(
        in DataParallelInputs<T> inputs,
        Sharding sharding,
        Software software,
        in StageTime<T> stage,
        in MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> gradients = machine.Stack.ReductionBytes * inputs.Parameters;
        Bytes<T> weights = new(inputs.WeightBytes * inputs.Parameters);
        Seconds<T> none = Seconds<T>.Zero;
        (Seconds<T> reduce, Seconds<T> gather) = sharding switch
        {
            Sharding.None => (Collectives.AllReduce(gradients, inputs.Group, machine.Network), none),
            Sharding.Zero1 => (
                Collectives.ReduceScatter(gradients, inputs.Group, machine.Network),
                Collectives.AllGather(weights, inputs.Group, machine.Network)),
            Sharding.Zero2 => (none, Collectives.AllGather(weights, inputs.Group, machine.Network)),
            _ => (none, none),
        };
        if (!software.OverlapsGradientReduction)
        {
            return (reduce + gather).Named(Equations.DataEndOfStep);
        }

        T lastBucket = T.Min(T.Literal(1), inputs.BucketBytes / gradients);
        T interference = machine.Stack.Interference;
        return (Bucketed(reduce, lastBucket, stage.Backward, interference)
            + Bucketed(gather, lastBucket, stage.Forward, interference)).Named(Equations.DataEndOfStep);
    }

    /// <summary>Exposed time in every forward pass: gathering sharded weights.</summary>
    /// <remarks>Eq. DP-2: the gather of the first layer, and of the others what the pass does not cover.</remarks>
    public static Seconds<T> InForward<T>(
        in DataParallelInputs<T> inputs, Sharding sharding, Seconds<T> pass, in MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (sharding != Sharding.Zero3)
        {
            return Seconds<T>.Zero;
        }

        Seconds<T> layer = GatherLayer(inputs, machine);
        Seconds<T> others = layer * (inputs.Layers - T.Literal(1));
        return (layer + Collectives.Exposed(others, pass, machine.Stack.Interference)).Named(Equations.DataForward);
    }

    /// <summary>Exposed time in every backward pass: gathering sharded weights and reducing sharded gradients.</summary>
    /// <remarks>
    /// Eq. DP-3: the gather of the first and the reduction of the last layer, and of the others what the backward pass
    /// does not cover. Gradients alone may still be on their way during the next forward pass, which needs none of them.
    /// </remarks>
    public static Seconds<T> InBackward<T>(
        in DataParallelInputs<T> inputs,
        Sharding sharding,
        Seconds<T> forward,
        Seconds<T> backward,
        in MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (sharding is Sharding.None or Sharding.Zero1)
        {
            return Seconds<T>.Zero;
        }

        Seconds<T> beside = sharding == Sharding.Zero3 ? backward : forward + backward;

        Bytes<T> gradients = machine.Stack.ReductionBytes * inputs.LayerParameters;
        Seconds<T> layer = Collectives.ReduceScatter(gradients, inputs.Group, machine.Network);
        if (sharding == Sharding.Zero3)
        {
            layer += GatherLayer(inputs, machine);
        }

        Seconds<T> others = layer * (inputs.Layers - T.Literal(1));
        return (layer + Collectives.Exposed(others, beside, machine.Stack.Interference)).Named(Equations.DataBackward);
    }

    private static Seconds<T> GatherLayer<T>(in DataParallelInputs<T> inputs, in MachineInputs<T> machine)
        where T : struct, IReal<T> => Collectives.AllGather(
        new Bytes<T>(inputs.WeightBytes * inputs.LayerParameters), inputs.Group, machine.Network);

    private static Seconds<T> Bucketed<T>(Seconds<T> time, T lastBucket, Seconds<T> beside, T interference)
        where T : struct, IReal<T>
    {
        Seconds<T> last = time * lastBucket;
        return last + Collectives.Exposed(time - last, beside, interference);
    }
}
