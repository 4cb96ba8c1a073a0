using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Exposed time of the exchange among data-parallel ranks.</summary>
public static class DataParallel
{
    /// <summary>Exposed time at the end of a step: reducing the gradients and gathering the updated weights.</summary>
    /// <remarks>
    /// Eq. DP-1: without sharding an all-reduce; with sharded optimizer state a reduce-scatter and an all-gather; with
    /// sharded gradients only the all-gather; with sharded weights nothing. Where the software overlaps, all but the last
    /// bucket runs beside the backward (forward) pass of one micro-batch through the longest stage; buckets grow with the
    /// ranks.
    /// </remarks>
    public static Seconds<T> EndOfStep<T>(
        T parameters,
        in GroupInputs<T> group,
        Sharding sharding,
        Software software,
        in PipelineStages<T> stages,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> gradients = machine.Stack.ReductionBytes * parameters;
        Bytes<T> weights = new(WeightBytes(machine) * parameters);
        Seconds<T> none = Seconds<T>.Zero;
        (Seconds<T> reduce, Seconds<T> gather) = sharding switch
        {
            Sharding.None => (Collectives.AllReduce(gradients, group, machine.Network), none),
            Sharding.Zero1 => (
                Collectives.ReduceScatter(gradients, group, machine.Network),
                Collectives.AllGather(weights, group, machine.Network)),
            Sharding.Zero2 => (none, Collectives.AllGather(weights, group, machine.Network)),
            _ => (none, none),
        };
        if (!software.OverlapsGradientReduction)
        {
            return (reduce + gather).Named(Equations.DataEndOfStep);
        }

        Seconds<T> forward = new(T.Max(T.Max(stages.FirstForward, stages.MiddleForward), stages.LastForward));
        Seconds<T> backward = new(T.Max(T.Max(stages.FirstBackward, stages.MiddleBackward), stages.LastBackward));
        Bytes<T> bucket = Bytes<T>.Max(machine.Stack.BucketBytes, machine.Stack.BucketBytesPerRank * group.Ranks);
        T lastBucket = T.Min(T.Literal(1), bucket / gradients);
        T interference = machine.Stack.Interference;
        return (Bucketed(reduce, lastBucket, backward, interference)
            + Bucketed(gather, lastBucket, forward, interference)).Named(Equations.DataEndOfStep);
    }

    /// <summary>Exposed time in every forward pass: gathering sharded weights.</summary>
    /// <remarks>Eq. DP-2: the gather of the first layer, and of the others what the pass does not cover.</remarks>
    public static Seconds<T> InForward<T>(
        T layers,
        T layerParameters,
        in GroupInputs<T> group,
        Sharding sharding,
        Seconds<T> pass,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (sharding != Sharding.Zero3)
        {
            return Seconds<T>.Zero;
        }

        Seconds<T> layer = GatherLayer(layerParameters, group, machine);
        Seconds<T> others = layer * (layers - T.Literal(1));
        return (layer + Collectives.Exposed(others, pass, machine.Stack.Interference)).Named(Equations.DataForward);
    }

    /// <summary>Exposed time in every backward pass: gathering sharded weights and reducing sharded gradients.</summary>
    /// <remarks>
    /// Eq. DP-3: the gather of the first and the reduction of the last layer, and of the others what the backward pass
    /// does not cover. Gradients alone may still be on their way during the next forward pass, which needs none of them.
    /// </remarks>
    public static Seconds<T> InBackward<T>(
        T layers,
        T layerParameters,
        in GroupInputs<T> group,
        Sharding sharding,
        Seconds<T> forward,
        Seconds<T> backward,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (sharding is Sharding.None or Sharding.Zero1)
        {
            return Seconds<T>.Zero;
        }

        Seconds<T> beside = sharding == Sharding.Zero3 ? backward : forward + backward;

        Bytes<T> gradients = machine.Stack.ReductionBytes * layerParameters;
        Seconds<T> layer = Collectives.ReduceScatter(gradients, group, machine.Network);
        if (sharding == Sharding.Zero3)
        {
            layer += GatherLayer(layerParameters, group, machine);
        }

        Seconds<T> others = layer * (layers - T.Literal(1));
        return (layer + Collectives.Exposed(others, beside, machine.Stack.Interference)).Named(Equations.DataBackward);
    }

    private static Seconds<T> GatherLayer<T>(T layerParameters, in GroupInputs<T> group, MachineInputs<T> machine)
        where T : struct, IReal<T> => Collectives.AllGather(
        new Bytes<T>(WeightBytes(machine) * layerParameters), group, machine.Network);

    // A weight on the wire: 4 bytes in single precision, else 2.
    private static T WeightBytes<T>(MachineInputs<T> machine)
        where T : struct, IReal<T> => machine.SixteenBitProducts.OperandBytes;

    private static Seconds<T> Bucketed<T>(Seconds<T> time, T lastBucket, Seconds<T> beside, T interference)
        where T : struct, IReal<T>
    {
        Seconds<T> last = time * lastBucket;
        return last + Collectives.Exposed(time - last, beside, interference);
    }
}
