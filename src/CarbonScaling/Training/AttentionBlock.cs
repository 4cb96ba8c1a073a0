using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The attention block of a layer on one micro-batch: norm, projections, attention, residual addition.</summary>
internal static class AttentionBlock
{
    /// <summary>Forward pass on the device.</summary>
    public static PassTime<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.Attention(layer, machine.Products, backward: false);
        Seconds<T> core = AttentionCore.Forward(layer, machine);
        return new()
        {
            Products = products.Total,
            Attention = core,
            Memory = Elementwise.ResidualForward(layer, machine) + Elementwise.Heads(layer, machine),
            TensorCommunication = TensorParallel.Forward(layer, products, machine),
            ContextCommunication = ContextParallel.Forward(layer, core, machine),
        };
    }

    /// <summary>Backward pass on the device, with the parts of the block that are computed again.</summary>
    public static PassTime<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.Attention(layer, machine.Products, backward: true);
        Seconds<T> core = AttentionCore.Backward(layer, machine);
        PassTime<T> once = new()
        {
            Products = T.Literal(2) * products.Total,
            Attention = core,
            Memory = Elementwise.ResidualBackward(layer, machine) + Elementwise.Heads(layer, machine)
                + Elementwise.AccumulateGradients(Parameters(layer), machine),
            TensorCommunication = TensorParallel.Backward(layer, products, machine),
            ContextCommunication = ContextParallel.Backward(layer, core, machine),
        };
        return Again(once, layer, machine);
    }

    /// <summary>What of the backward pass forms gradients of weights.</summary>
    public static Seconds<T> WeightGradient<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        BlockProducts<T>.Attention(layer, machine.Products, backward: true).Total
        + Elementwise.AccumulateGradients(Parameters(layer), machine);

    private static PassTime<T> Again<T>(PassTime<T> once, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PassTime<T> time = once;
        if (layer.Options.Recompute.HasFlag(RecomputeModules.Attention))
        {
            Seconds<T> core = AttentionCore.Forward(layer, machine);
            time = time with
            {
                Attention = time.Attention + core,
                ContextCommunication = time.ContextCommunication + ContextParallel.Forward(layer, core, machine),
            };
        }

        if (layer.Model.HasLatentAttention && layer.Options.Recompute.HasFlag(RecomputeModules.Latent))
        {
            time = time with
            {
                Products = time.Products + BlockProducts<T>.LatentUp(layer, machine.Products),
                Memory = time.Memory + Elementwise.Heads(layer, machine),
            };
        }

        return layer.Options.Recompute.HasFlag(RecomputeModules.Norm)
            ? time with { Memory = time.Memory + Elementwise.NormForward(layer, machine) }
            : time;
    }

    private static T Parameters<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => RankParameters<T>.AttentionOf(layer);
}
