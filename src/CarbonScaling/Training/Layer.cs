using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of one transformer layer on one micro-batch.</summary>
public static class Layer
{
    /// <summary>A layer without experts.</summary>
    /// <remarks>Eq. LAYER-1 and LAYER-2: products + attention + data movement + exposed communication, at least the host floor.</remarks>
    public static PassPair<T> Dense<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => Cost(
        AttentionBlock.Forward(layer, machine) + FeedForwardBlock.Forward(layer, machine),
        AttentionBlock.Backward(layer, machine) + FeedForwardBlock.Backward(layer, machine),
        AttentionBlock.WeightGradient(layer, machine) + FeedForwardBlock.WeightGradient(layer, machine),
        machine.Stack.FloorForward,
        Seconds<T>.Zero,
        Activations.Layer(layer),
        layer,
        machine);

    /// <summary>A layer with experts.</summary>
    /// <remarks>Eq. LAYER-1 and LAYER-2 with the block of experts; its many small kernels have a host floor of their own.</remarks>
    public static PassPair<T> Mixture<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PassTime<T> forward = AttentionBlock.Forward(layer, machine) + ExpertBlock.Forward(layer, machine);
        PassTime<T> backward = AttentionBlock.Backward(layer, machine) + ExpertBlock.Backward(layer, machine);
        PassPair<T> passes = Cost(
            forward,
            backward,
            AttentionBlock.WeightGradient(layer, machine) + ExpertBlock.WeightGradient(layer, machine),
            machine.Stack.MixtureFloorForward,
            layer.Options.Dispatcher == MoeDispatcher.HybridEp ? Seconds<T>.Zero : machine.Stack.MixtureSynchronisation,
            Activations.Mixture(layer, machine.Routing),
            layer,
            machine);
        return passes with { Hidden = Hidden(forward, backward, machine) };
    }

    /// <summary>The layers beyond the leading dense ones, on average.</summary>
    /// <remarks>Eq. LAYER-3: φ·(layer with experts) + (1 − φ)·(layer without), φ the share that has experts.</remarks>
    public static PassPair<T> Body<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (layer.Model.Traits.Mixture is not { } mixture)
        {
            return Dense(layer, machine);
        }

        PassPair<T> withExperts = Mixture(layer, machine);
        if (mixture.LayerInterval == 1)
        {
            return withExperts;
        }

        T share = layer.Model.MixtureShare;
        PassPair<T> mean = (withExperts * share) + (Dense(layer, machine) * (T.Literal(1) - share));
        return mean.Named(Equations.LayerMix);
    }

    private static PassPair<T> Cost<T>(
        PassTime<T> forward,
        PassTime<T> backward,
        Seconds<T> weightGradient,
        Seconds<T> floor,
        Seconds<T> synchronisation,
        Bytes<T> kept,
        LayerInputs<T> layer,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (layer.Options.OffloadsActivations)
        {
            Seconds<T> copy = HostCopy.Time(layer.Options.KeepsInputsOnly ? Activations.LayerInput(layer) : kept, machine.Host);
            forward = HostCopy.Beside(forward, copy, machine);
            backward = HostCopy.Beside(backward, copy, machine);
        }

        PassPair<T> passes = PassPair<T>.Of(
            AtLeast(forward, floor, synchronisation),
            AtLeast(backward, floor * machine.Stack.FloorBackwardRatio, Seconds<T>.Zero),
            weightGradient);
        return passes.Named(Equations.LayerTime);
    }

    /// <summary>What a forward and a backward pass of different micro-batches take less beside each other.</summary>
    /// <remarks>
    /// Eq. EP-5: n − exposed(n, c), n the exchanges with experts and c the compute of both passes; the kernels that
    /// exchange take a part of the device (DeepSeek-V3, section 3.2.1).
    /// </remarks>
    private static Seconds<T> Hidden<T>(PassTime<T> forward, PassTime<T> backward, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Seconds<T> exchange = forward.ExpertCommunication + backward.ExpertCommunication;
        Seconds<T> compute = forward.Compute + backward.Compute;
        Seconds<T> exposed = Collectives.Exposed(exchange, compute, machine.Routing.HiddenShare);
        return Seconds<T>.Max(Seconds<T>.Zero, exchange - exposed).Named(Equations.HiddenExchange);
    }

    // The host launches the kernels of a layer in a fixed time; a device that is faster waits for it, and always where the
    // host first reads how many copies go where.
    private static PassTime<T> AtLeast<T>(PassTime<T> time, Seconds<T> floor, Seconds<T> synchronisation)
        where T : struct, IReal<T>
    {
        Seconds<T> stall = (Seconds<T>.Max(Seconds<T>.Zero, floor - time.Total) + synchronisation).Named(Equations.HostStall);
        return time with { HostStall = stall };
    }
}
