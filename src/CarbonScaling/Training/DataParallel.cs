using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Exposed time of the exchange among ranks that hold the same parameters: weights and gradients.</summary>
public static class DataParallel
{
    /// <summary>Exposed time at the end of a step: reducing the gradients and gathering the updated weights.</summary>
    /// <remarks>
    /// Eq. DP-1: without sharding an all-reduce; with sharded optimizer state a reduce-scatter and an all-gather; with
    /// sharded gradients only the all-gather; with sharded weights nothing, or in hybrid sharding an all-reduce of the
    /// parts of a copy. Routed experts follow among their own ranks. Where the software overlaps, all but the last bucket
    /// runs beside the backward (forward) pass of one micro-batch through the longest stage; buckets grow with the ranks.
    /// </remarks>
    /// <param name="parameters">Parameters of a device on the fullest stage.</param>
    /// <param name="groups">The ranks.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="software">The training software.</param>
    /// <param name="stages">Passes of a micro-batch.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> EndOfStep<T>(
        in DeviceParameters<T> parameters,
        in ExchangeGroups<T> groups,
        in PlanShape shape,
        Software software,
        in PipelineStages<T> stages,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> gradients = machine.Stack.ReductionBytes * parameters.Common;
        Seconds<T> reduce = Seconds<T>.Zero;
        Seconds<T> gather = Seconds<T>.Zero;
        switch (shape.Sharding)
        {
            case Sharding.None:
                reduce = Collectives.AllReduce(gradients, groups.Data, machine.Network)
                    + Collectives.AllReduce(machine.Stack.ReductionBytes * parameters.Experts, groups.Experts, machine.Network);
                break;
            case Sharding.Zero1:
                reduce = Reduce(parameters, groups.Data, groups.Experts, machine);
                gather = Gather(parameters, groups.Data, groups.Experts, machine);
                break;
            case Sharding.Zero2:
                gather = Gather(parameters, groups.Data, groups.Experts, machine);
                break;
            case Sharding.Hsdp:
                gradients /= groups.Shard.Ranks;
                reduce = Collectives.AllReduce(gradients, groups.Replica, machine.Network)
                    + Collectives.AllReduce(
                        machine.Stack.ReductionBytes * parameters.Experts / groups.Experts.Ranks,
                        groups.ExpertReplicas,
                        machine.Network);
                break;
            default:
                return Seconds<T>.Zero;
        }

        if (!software.OverlapsGradientReduction)
        {
            return (reduce + gather).Named(Equations.DataEndOfStep);
        }

        Seconds<T> forward = new(T.Max(T.Max(stages.FirstForward, stages.MiddleForward), stages.LastForward));
        Seconds<T> backward = new(T.Max(T.Max(stages.FirstBackward, stages.MiddleBackward), stages.LastBackward));
        Bytes<T> bucket = Bytes<T>.Max(machine.Stack.BucketBytes, machine.Stack.BucketBytesPerRank * groups.Data.Ranks);
        T lastBucket = T.Min(T.Literal(1), bucket / gradients);
        T interference = machine.Stack.Interference;
        return (Bucketed(reduce, lastBucket, backward, interference)
            + Bucketed(gather, lastBucket, forward, interference)).Named(Equations.DataEndOfStep);
    }

    /// <summary>Exposed time in every forward pass: gathering sharded weights.</summary>
    /// <remarks>Eq. DP-2: the gather of the first layer, and of the others what the pass does not cover.</remarks>
    /// <param name="parameters">Parameters of a device on the stage.</param>
    /// <param name="layers">Layers of the stage, one at least.</param>
    /// <param name="groups">The ranks.</param>
    /// <param name="pass">The pass without it.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> InForward<T>(
        in DeviceParameters<T> parameters, T layers, in ExchangeGroups<T> groups, Seconds<T> pass, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Seconds<T> all = Gather(PerLayer(parameters, layers), groups.Shard, groups.Experts, machine) * layers;
        return Pipelined(all, layers, pass, machine).Named(Equations.DataForward);
    }

    /// <summary>Exposed time in every backward pass: gathering sharded weights and reducing sharded gradients.</summary>
    /// <remarks>
    /// Eq. DP-3: the gather of the first and the reduction of the last layer, and of the others what the backward pass
    /// does not cover. Gradients alone may still be on their way during the next forward pass, which needs none of them;
    /// no forward pass follows the last of the m micro-batches.
    /// </remarks>
    /// <param name="parameters">Parameters of a device on the stage.</param>
    /// <param name="layers">Layers of the stage, one at least.</param>
    /// <param name="groups">The ranks.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="forward">The forward pass without it.</param>
    /// <param name="backward">The backward pass without it.</param>
    /// <param name="microBatches">Micro-batches of a step m.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> InBackward<T>(
        in DeviceParameters<T> parameters,
        T layers,
        in ExchangeGroups<T> groups,
        in PlanShape shape,
        Seconds<T> forward,
        Seconds<T> backward,
        T microBatches,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        DeviceParameters<T> one = PerLayer(parameters, layers);
        Seconds<T> all = Reduce(one, groups.Shard, groups.Experts, machine) * layers;
        if (shape.ShardsWeights)
        {
            all += Gather(one, groups.Shard, groups.Experts, machine) * layers;
            return Pipelined(all, layers, backward, machine).Named(Equations.DataBackward);
        }

        // On average over the micro-batches, of which the last has no forward pass behind it.
        T last = T.Literal(1) / microBatches;
        Seconds<T> followed = Pipelined(all, layers, forward + backward, machine);
        return ((followed * (T.Literal(1) - last)) + (Pipelined(all, layers, backward, machine) * last))
            .Named(Equations.DataBackward);
    }

    /// <summary>Adding up the gradients of an embedding that the last stage uses as its head.</summary>
    /// <remarks>Eq. DP-4: an all-reduce of V·h/t between two ranks, 2(2 − 1)/2·S/β.</remarks>
    /// <param name="parameters">Weights of the head on a device.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> TiedEmbedding<T>(T parameters, in PlanShape shape, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        Collectives.Transfer(
            machine.Stack.ReductionBytes * parameters, shape.Span.IsPart ? FabricTier.ScaleOut : shape.Transfer, machine.Network)
            .Named(Equations.TiedEmbedding);

    private static Seconds<T> Reduce<T>(
        in DeviceParameters<T> parameters, in GroupInputs<T> common, in GroupInputs<T> experts, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        Collectives.ReduceScatter(machine.Stack.ReductionBytes * parameters.Common, common, machine.Network)
        + Collectives.ReduceScatter(machine.Stack.ReductionBytes * parameters.Experts, experts, machine.Network);

    private static Seconds<T> Gather<T>(
        in DeviceParameters<T> parameters, in GroupInputs<T> common, in GroupInputs<T> experts, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        // A weight on the wire: 4 bytes in single precision, else 2.
        Bytes<T> weight = new(machine.SixteenBitProducts.OperandBytes);
        return Collectives.AllGather(weight * parameters.Common, common, machine.Network)
            + Collectives.AllGather(weight * parameters.Experts, experts, machine.Network);
    }

    private static DeviceParameters<T> PerLayer<T>(in DeviceParameters<T> parameters, T layers)
        where T : struct, IReal<T> => new(parameters.Common / layers, parameters.Experts / layers);

    // The first layer's exchange is exposed; the others' run beside the pass.
    private static Seconds<T> Pipelined<T>(Seconds<T> all, T layers, Seconds<T> pass, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Seconds<T> first = all / layers;
        return first + Collectives.Exposed(all - first, pass, machine.Stack.Interference);
    }

    private static Seconds<T> Bucketed<T>(Seconds<T> time, T lastBucket, Seconds<T> beside, T interference)
        where T : struct, IReal<T>
    {
        Seconds<T> last = time * lastBucket;
        return last + Collectives.Exposed(time - last, beside, interference);
    }
}
