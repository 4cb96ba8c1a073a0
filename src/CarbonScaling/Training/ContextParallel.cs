using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Exposed communication of the ranks that hold the parts of a sequence, in one layer.</summary>
public static class ContextParallel
{
    /// <summary>Forward pass.</summary>
    /// <remarks>
    /// Eq. CP-1: a ring sends keys and values c − 1 times, each beside the attention to those at hand; gathering is exposed;
    /// two all-to-alls bring queries, keys and values, and the result (Liu et al. 2023; Jacobs et al. 2023; Llama 3, 3.3.2).
    /// </remarks>
    /// <param name="layer">The layer.</param>
    /// <param name="attention">Attention of a rank in this direction.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> Forward<T>(LayerInputs<T> layer, Seconds<T> attention, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (layer.ContextGroup.Tier == FabricTier.None)
        {
            return Seconds<T>.Zero;
        }

        Seconds<T> exposed = layer.Options.ContextMode switch
        {
            ContextMode.Ring => Ring(KeysAndValues(layer), attention, layer, machine),
            ContextMode.AllGather => Collectives.AllGather(
                KeysAndValues(layer) * layer.Context, layer.ContextGroup, machine.Network),
            _ => Ulysses(layer, machine),
        };
        return exposed.Named(Equations.ContextForward);
    }

    /// <summary>Backward pass.</summary>
    /// <remarks>
    /// Eq. CP-2: a ring sends keys, values and their gradients; gathering is repeated and the gradients are reduced and
    /// scattered; the all-to-alls run the other way.
    /// </remarks>
    /// <param name="layer">The layer.</param>
    /// <param name="attention">Attention of a rank in this direction.</param>
    /// <param name="machine">The device and the network.</param>
    public static Seconds<T> Backward<T>(LayerInputs<T> layer, Seconds<T> attention, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        if (layer.ContextGroup.Tier == FabricTier.None)
        {
            return Seconds<T>.Zero;
        }

        Bytes<T> all = KeysAndValues(layer) * layer.Context;
        Seconds<T> exposed = layer.Options.ContextMode switch
        {
            ContextMode.Ring => Ring(T.Literal(2) * KeysAndValues(layer), attention, layer, machine),
            ContextMode.AllGather => Collectives.AllGather(all, layer.ContextGroup, machine.Network)
                + Collectives.ReduceScatter(all, layer.ContextGroup, machine.Network),
            _ => Ulysses(layer, machine),
        };
        return exposed.Named(Equations.ContextBackward);
    }

    private static Bytes<T> KeysAndValues<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => new(layer.ElementBytes * layer.Tokens * (layer.KeyWidth + layer.ValueWidth));

    private static Seconds<T> Ring<T>(Bytes<T> message, Seconds<T> attention, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        // The ring is as fast as its slowest link: between domains where it leaves one.
        FabricTier link = layer.ContextGroup.Tier == FabricTier.ScaleUp ? FabricTier.ScaleUp : FabricTier.ScaleOut;
        Seconds<T> send = Collectives.Transfer(message, link, machine.Network);
        Seconds<T> step = attention / layer.Context;
        return Collectives.Exposed(send, step, machine.Stack.Interference) * (layer.Context - T.Literal(1));
    }

    private static Seconds<T> Ulysses<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T before = layer.Tokens * (layer.QueryWidth + layer.KeyWidth + layer.ValueWidth);
        T after = layer.Tokens * layer.ContextWidth;
        return Collectives.AllToAll(new Bytes<T>(before * layer.ElementBytes), layer.ContextGroup, machine.Network)
            + Collectives.AllToAll(new Bytes<T>(after * layer.ElementBytes), layer.ContextGroup, machine.Network);
    }
}
