using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The feed-forward block of a layer without experts on one micro-batch: norm, projections, residual addition.</summary>
internal static class FeedForwardBlock
{
    /// <summary>Forward pass on the device.</summary>
    public static PassTime<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.FeedForward(layer, layer.FeedForward, machine.Products, backward: false);
        return new()
        {
            Products = products.Total,
            Memory = Elementwise.ResidualForward(layer, machine) + Elementwise.NonlinearityForward(Channels(layer), layer, machine),
            TensorCommunication = TensorParallel.Forward(layer, products, machine),
        };
    }

    /// <summary>Backward pass on the device, with the parts of the block that are computed again.</summary>
    public static PassTime<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.FeedForward(layer, layer.FeedForward, machine.Products, backward: true);
        Seconds<T> memory = Elementwise.ResidualBackward(layer, machine)
            + Elementwise.NonlinearityBackward(Channels(layer), layer, machine)
            + Elementwise.AccumulateGradients(Parameters(layer), machine);
        return new()
        {
            Products = T.Literal(2) * products.Total,
            Memory = Again(memory, Channels(layer), layer, machine),
            TensorCommunication = TensorParallel.Backward(layer, products, machine),
        };
    }

    /// <summary>What of the backward pass forms gradients of weights.</summary>
    public static Seconds<T> WeightGradient<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        BlockProducts<T>.FeedForward(layer, layer.FeedForward, machine.Products, backward: true).Total
        + Elementwise.AccumulateGradients(Parameters(layer), machine);

    /// <summary>Adds what selective recomputation repeats of a feed-forward block.</summary>
    /// <param name="memory">Data movement without it.</param>
    /// <param name="channels">Tokens × inner width on a rank.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="machine">The device.</param>
    public static Seconds<T> Again<T>(Seconds<T> memory, T channels, LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Seconds<T> time = memory;
        if (layer.Options.Recompute.HasFlag(RecomputeModules.Mlp))
        {
            time += Elementwise.NonlinearityForward(channels, layer, machine);
        }

        return layer.Options.Recompute.HasFlag(RecomputeModules.Norm) ? time + Elementwise.NormForward(layer, machine) : time;
    }

    private static T Channels<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Tokens * layer.FeedForward;

    private static T Parameters<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => ParameterCount.FeedForwardMatrices(layer.Model) / layer.Tensor;
}
