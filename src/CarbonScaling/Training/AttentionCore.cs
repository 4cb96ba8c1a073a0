using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the attention core: scores, softmax and their use.</summary>
public static class AttentionCore
{
    /// <summary>Forward pass, on average over layers that see the whole sequence and layers that see a window.</summary>
    public static Seconds<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => machine.Attention is { } kernel
        ? OverWindows(layer, attended => FusedForward(attended, layer, machine, kernel))
        : UnfusedForward(layer, machine);

    /// <summary>Backward pass, without what is computed again, on average over the layers.</summary>
    public static Seconds<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> => machine.Attention is { } kernel
        ? OverWindows(layer, attended => FusedBackward(attended, layer, machine, kernel))
        : UnfusedBackward(layer, machine);

    private static Seconds<T> OverWindows<T>(LayerInputs<T> layer, Func<T, Seconds<T>> time)
        where T : struct, IReal<T>
    {
        TransformerShape<T> model = layer.Model;
        Seconds<T> full = time(TokenFlops.CausalLength(layer.SequenceLength));
        if (!model.HasWindow)
        {
            return full;
        }

        T share = model.WindowedLayers / model.Layers;
        Seconds<T> windowed = time(TokenFlops.WindowedCausalLength(model, layer.SequenceLength));
        return (windowed * share) + (full * (T.Literal(1) - share));
    }

    /// <summary>Fused kernel, forward.</summary>
    /// <remarks>
    /// Eq. COMP-3: F/(Φ·e∞·l/(l+s₀)), F = T·(mean attended length)·2(a/t)(d_qk + d_v) the causal FLOPs; l is twice the mean
    /// attended length, which is s without a window.
    /// </remarks>
    private static Seconds<T> FusedForward<T>(
        T attended, LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T> =>
        (CausalFlops(attended, layer) / FusedRate(attended, layer, machine, kernel)).Named(Equations.FusedAttention);

    /// <summary>Fused kernel, backward.</summary>
    /// <remarks>Eq. COMP-4: the forward time × FLOP ratio / efficiency ratio.</remarks>
    private static Seconds<T> FusedBackward<T>(
        T attended, LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T>
    {
        Flops<T> flops = CausalFlops(attended, layer) * kernel.BackwardFlops;
        FlopRate<T> rate = FusedRate(attended, layer, machine, kernel) * kernel.BackwardRatio;
        return (flops / rate).Named(Equations.FusedAttentionBackward);
    }

    private static Flops<T> CausalFlops<T>(T attended, LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        TokenFlops.PerAttendedToken(layer.Model) * (layer.Tokens * attended / layer.Tensor);

    // Around a ring the kernel sees the part of the keys and values that is at hand.
    private static FlopRate<T> FusedRate<T>(
        T attended, LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T>
    {
        T length = T.Literal(2) * attended;
        length = layer.Options.ContextMode == ContextMode.Ring ? length / layer.Context : length;
        return machine.SixteenBitProducts.Peak * (kernel.Efficiency * (length / (length + kernel.HalfSequence)));
    }

    /// <summary>Batched products with the scores in memory, forward.</summary>
    /// <remarks>
    /// Eq. COMP-8: two products over a·b/t heads, and the softmax that reads and writes every score; dropout reads,
    /// writes and keeps a byte of mask.
    /// </remarks>
    private static Seconds<T> UnfusedForward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T batch = layer.Model.Heads / layer.Tensor * layer.MicroBatch / layer.Context;
        Seconds<T> scores = Gemm.Forward(
            layer.SequenceLength, layer.SequenceLength, layer.Model.QueryKeyDimension, batch, machine.SixteenBitProducts);
        Seconds<T> context = Gemm.Forward(
            layer.SequenceLength, layer.Model.ValueDimension, layer.SequenceLength, batch, machine.SixteenBitProducts);
        Seconds<T> softmax = ScoreMovement(layer, machine, softmaxElements: 2, dropoutElements: 2);
        return (scores + context + softmax).Named(Equations.UnfusedAttention);
    }

    /// <summary>Batched products with the scores in memory, backward.</summary>
    /// <remarks>
    /// Eq. COMP-9: four products (gradients of the probabilities and of the values over the width of a value, of queries and
    /// keys over theirs), the softmax gradient (two elements read, one written) and the dropout gradient (one read, one
    /// written, the mask read).
    /// </remarks>
    private static Seconds<T> UnfusedBackward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T batch = layer.Model.Heads / layer.Tensor * layer.MicroBatch / layer.Context;
        Seconds<T> toScores = Gemm.Backward(
            layer.SequenceLength, layer.SequenceLength, layer.Model.ValueDimension, batch, machine.SixteenBitProducts);
        Seconds<T> toValues = Gemm.Backward(
            layer.SequenceLength, layer.Model.ValueDimension, layer.SequenceLength, batch, machine.SixteenBitProducts);
        Seconds<T> toHeads = Gemm.Backward(
            layer.SequenceLength, layer.Model.QueryKeyDimension, layer.SequenceLength, batch, machine.SixteenBitProducts);
        Seconds<T> softmax = ScoreMovement(layer, machine, softmaxElements: 3, dropoutElements: 2);
        return (toScores + toValues + (T.Literal(2) * toHeads) + softmax).Named(Equations.UnfusedAttentionBackward);
    }

    private static Seconds<T> ScoreMovement<T>(
        LayerInputs<T> layer, MachineInputs<T> machine, int softmaxElements, int dropoutElements)
        where T : struct, IReal<T>
    {
        T elements = T.Literal(softmaxElements + (layer.Options.Dropout ? dropoutElements : 0));
        T maskBytes = T.Literal(layer.Options.Dropout ? 1 : 0);
        Bytes<T> bytes = new(layer.Scores * ((elements * layer.ElementBytes) + maskBytes));
        return Elementwise.Kernel(bytes, machine.Memory);
    }
}
