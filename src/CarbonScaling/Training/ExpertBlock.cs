using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The block of experts of a layer on one micro-batch: norm, router, exchange, experts, residual addition.</summary>
internal static class ExpertBlock
{
    /// <summary>Forward pass on the device.</summary>
    /// <remarks>
    /// Router, dispatch, the experts as grouped products, combination; shared experts as a feed-forward block; all exposed
    /// but where the exchange runs beside the compute of another micro-batch.
    /// </remarks>
    public static PassTime<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T imbalance = ExpertParallel.Imbalance(layer, machine.Routing);
        T copies = Copies(layer, imbalance);
        PassTime<T> time = new()
        {
            Products = Experts(layer, copies, machine, backward: false) + Router(layer, machine, backward: false),
            Memory = Elementwise.ResidualForward(layer, machine) + Permutation(layer, imbalance, machine)
                + Elementwise.NonlinearityForward(Channels(layer, copies), layer, machine),
            TensorCommunication = Split(layer, copies, machine),
            ExpertCommunication = Exchanges(layer, layer.DispatchBytes, imbalance, machine),
        };
        return layer.Model.HasSharedExperts ? time + SharedForward(layer, machine) : time;
    }

    /// <summary>Backward pass on the device, with the parts of the block that are computed again.</summary>
    public static PassTime<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T imbalance = ExpertParallel.Imbalance(layer, machine.Routing);
        T copies = Copies(layer, imbalance);
        T two = T.Literal(2);
        Seconds<T> memory = Elementwise.ResidualBackward(layer, machine) + Permutation(layer, imbalance, machine)
            + Elementwise.NonlinearityBackward(Channels(layer, copies), layer, machine)
            + Elementwise.AccumulateGradients(Parameters(layer), machine);
        PassTime<T> time = new()
        {
            Products = two * (Experts(layer, copies, machine, backward: true) + Router(layer, machine, backward: true)),
            Memory = FeedForwardBlock.Again(memory, Channels(layer, copies), layer, machine),
            TensorCommunication = Split(layer, copies, machine),
            ExpertCommunication = Exchanges(layer, layer.DispatchBytes, imbalance, machine),
        };
        return layer.Model.HasSharedExperts ? time + SharedBackward(layer, machine) : time;
    }

    /// <summary>What of the backward pass forms gradients of weights.</summary>
    public static Seconds<T> WeightGradient<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T copies = Copies(layer, ExpertParallel.Imbalance(layer, machine.Routing));
        Seconds<T> routed = Experts(layer, copies, machine, backward: true)
            + Elementwise.AccumulateGradients(Parameters(layer), machine);
        return layer.Model.HasSharedExperts
            ? routed + BlockProducts<T>.FeedForward(layer, SharedWidth(layer), machine.Products, backward: true).Total
            : routed;
    }

    /// <summary>Token copies that the busiest expert-parallel rank works on, together with those that split its experts.</summary>
    /// <remarks>Eq. MOE-1: T·x/r·K·γ: the tokens of x ranks, K copies of each, spread evenly but for the imbalance.</remarks>
    /// <param name="layer">The layer.</param>
    /// <param name="imbalance">Load of the busiest rank over the mean γ.</param>
    public static T Copies<T>(LayerInputs<T> layer, T imbalance)
        where T : struct, IReal<T> => T.Name(
        layer.Tokens * layer.ExpertTensor / layer.ResidualRanks * layer.Model.ExpertsPerToken * imbalance,
        Equations.ExpertCopies);

    /// <summary>Parameters of the routed experts and the shared ones on a device.</summary>
    public static T Parameters<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T routed = ParameterCount.RoutedExperts(layer.Model) / (layer.Expert * layer.ExpertTensor);
        return layer.Model.HasSharedExperts ? routed + (ParameterCount.SharedExperts(layer.Model) / layer.Tensor) : routed;
    }

    /// <summary>Products of the experts of a rank, for both matrices.</summary>
    /// <remarks>
    /// Eq. MOE-2: E/e products of m = copies/(E/e) rows; little m is bound by reading the weights. What arrives quantised,
    /// tokens forward and gradients of their results backward, is not quantised again. Where a stack launches them one by
    /// one (λ = 1) instead of as one group (λ = 0), each but the first adds a launch.
    /// </remarks>
    private static Seconds<T> Experts<T>(LayerInputs<T> layer, T copies, MachineInputs<T> machine, bool backward)
        where T : struct, IReal<T>
    {
        GemmInputs<T> gemm = machine.Products;
        T own = layer.Model.Experts / layer.Expert;
        T separate = layer.Options.Dispatcher == MoeDispatcher.HybridEp ? T.Literal(0) : machine.Stack.LaunchesPerExpert;
        Seconds<T> launches = gemm.Launch * (T.Literal(2) * separate * (own - T.Literal(1)));
        T rows = copies / own;
        T width = Width(layer);
        T hidden = layer.Model.Hidden;
        T gates = layer.Model.Gates;
        GemmInputs<T> packed = layer.Options.PacksDispatch ? gemm with { Quantisation = null } : gemm;
        Seconds<T> time = backward
            ? Gemm.Backward(rows, gates * width, hidden, own, gemm) + Gemm.Backward(rows, hidden, width, own, packed)
            : Gemm.Forward(rows, gates * width, hidden, own, packed) + Gemm.Forward(rows, hidden, width, own, gemm);
        return (time + launches).Named(Equations.GroupedProducts);
    }

    private static Seconds<T> Router<T>(LayerInputs<T> layer, MachineInputs<T> machine, bool backward)
        where T : struct, IReal<T>
    {
        T tokens = layer.Tokens / layer.ResidualRanks;
        T one = T.Literal(1);
        return backward
            ? Gemm.Backward(tokens, layer.Model.Experts, layer.Model.Hidden, one, machine.SixteenBitProducts)
            : Gemm.Forward(tokens, layer.Model.Experts, layer.Model.Hidden, one, machine.SixteenBitProducts);
    }

    /// <summary>Sorting tokens by expert and back.</summary>
    /// <remarks>
    /// Eq. MOE-3, in elements: a token read and K copies written, K results read and their sum written; where an all-to-all
    /// delivers copies for several experts in the order of their senders, they are sorted by expert on arrival and back
    /// before they leave.
    /// </remarks>
    private static Seconds<T> Permutation<T>(LayerInputs<T> layer, T imbalance, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T two = T.Literal(2);
        T one = T.Literal(1);
        T none = T.Literal(0);
        T sorts = layer.Options.Dispatcher == MoeDispatcher.AllToAll
            ? T.WhereGreater(layer.Expert, one, T.WhereGreater(layer.Model.Experts / layer.Expert, one, two, none), none)
            : none;
        T elements = (two * (one + sorts) * layer.Model.ExpertsPerToken * imbalance) + two;
        Bytes<T> bytes = new(elements * layer.Residual / layer.ResidualRanks * layer.ElementBytes);
        return (((two + sorts) * machine.Memory.KernelLatency) + (bytes / machine.Memory.Bandwidth)).Named(Equations.Permutation);
    }

    // Ranks that split an expert gather its tokens first and add up its results.
    private static Seconds<T> Split<T>(LayerInputs<T> layer, T copies, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        Bytes<T> tokens = new(copies * layer.Model.Hidden * layer.ElementBytes);
        return Collectives.AllGather(tokens, layer.ExpertTensorGroup, machine.Network)
            + Collectives.ReduceScatter(tokens, layer.ExpertTensorGroup, machine.Network);
    }

    // Tokens to the experts, in few bytes where the software packs them, and the results back in 16 bits.
    private static Seconds<T> Exchanges<T>(LayerInputs<T> layer, T dispatchBytes, T imbalance, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        ExpertParallel.Exchange(layer, dispatchBytes, imbalance, machine.Network)
        + ExpertParallel.Exchange(layer, layer.ElementBytes, imbalance, machine.Network);

    private static PassTime<T> SharedForward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.FeedForward(layer, SharedWidth(layer), machine.Products, backward: false);
        return new()
        {
            Products = products.Total,
            Memory = Elementwise.NonlinearityForward(layer.Tokens * SharedWidth(layer), layer, machine),
            TensorCommunication = TensorParallel.Forward(layer, products, machine),
        };
    }

    private static PassTime<T> SharedBackward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        BlockProducts<T> products = BlockProducts<T>.FeedForward(layer, SharedWidth(layer), machine.Products, backward: true);
        return new()
        {
            Products = T.Literal(2) * products.Total,
            Memory = Elementwise.NonlinearityBackward(layer.Tokens * SharedWidth(layer), layer, machine),
            TensorCommunication = TensorParallel.Backward(layer, products, machine),
        };
    }

    private static T Channels<T>(LayerInputs<T> layer, T copies)
        where T : struct, IReal<T> => copies * Width(layer);

    private static T Width<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Model.ExpertFeedForward / layer.ExpertTensor;

    private static T SharedWidth<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Model.SharedFeedForward / layer.Tensor;
}
