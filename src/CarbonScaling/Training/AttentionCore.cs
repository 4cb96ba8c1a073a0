using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of the attention core: scores, softmax and their use.</summary>
public static class AttentionCore
{
    /// <summary>Forward pass.</summary>
    public static Seconds<T> Forward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        machine.Attention is { } kernel ? FusedForward(layer, machine, kernel) : UnfusedForward(layer, machine);

    /// <summary>Backward pass, without what is computed again.</summary>
    public static Seconds<T> Backward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T> =>
        machine.Attention is { } kernel ? FusedBackward(layer, machine, kernel) : UnfusedBackward(layer, machine);

    /// <summary>Fused kernel, forward.</summary>
    /// <remarks>Eq. COMP-3: F/(Φ·e∞·s/(s+s₀)), F = 2·s²·a·d·b/t the causal FLOPs.</remarks>
    private static Seconds<T> FusedForward<T>(
        LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T> =>
        (CausalFlops(layer) / FusedRate(layer, machine, kernel)).Named(Equations.FusedAttention);

    /// <summary>Fused kernel, backward.</summary>
    /// <remarks>Eq. COMP-4: the forward time × FLOP ratio / efficiency ratio.</remarks>
    private static Seconds<T> FusedBackward<T>(
        LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T>
    {
        Flops<T> flops = CausalFlops(layer) * kernel.BackwardFlops;
        return (flops / (FusedRate(layer, machine, kernel) * kernel.BackwardRatio)).Named(Equations.FusedAttentionBackward);
    }

    private static Flops<T> CausalFlops<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => new(T.Literal(2) * layer.Scores * layer.Model.HeadDimension);

    private static FlopRate<T> FusedRate<T>(
        LayerInputs<T> layer, MachineInputs<T> machine, AttentionInputs<T> kernel)
        where T : struct, IReal<T>
    {
        T length = layer.SequenceLength / (layer.SequenceLength + kernel.HalfSequence);
        return machine.SixteenBitProducts.Peak * (kernel.Efficiency * length);
    }

    /// <summary>Batched products with the scores in memory, forward.</summary>
    /// <remarks>
    /// Eq. COMP-8: two products over a·b/t heads, and the softmax that reads and writes every score; dropout reads,
    /// writes and keeps a byte of mask.
    /// </remarks>
    private static Seconds<T> UnfusedForward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T batch = layer.Model.Heads / layer.Tensor * layer.MicroBatch;
        Seconds<T> scores = Gemm.Forward(
            layer.SequenceLength, layer.SequenceLength, layer.Model.HeadDimension, batch, machine.SixteenBitProducts);
        Seconds<T> context = Gemm.Forward(
            layer.SequenceLength, layer.Model.HeadDimension, layer.SequenceLength, batch, machine.SixteenBitProducts);
        Seconds<T> softmax = ScoreMovement(layer, machine, softmaxElements: 2, dropoutElements: 2);
        return (scores + context + softmax).Named(Equations.UnfusedAttention);
    }

    /// <summary>Batched products with the scores in memory, backward.</summary>
    /// <remarks>
    /// Eq. COMP-9: four products, the softmax gradient (two elements read, one written) and the dropout gradient (one
    /// read, one written, the mask read).
    /// </remarks>
    private static Seconds<T> UnfusedBackward<T>(LayerInputs<T> layer, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        T batch = layer.Model.Heads / layer.Tensor * layer.MicroBatch;
        Seconds<T> toScores = Gemm.Backward(
            layer.SequenceLength, layer.SequenceLength, layer.Model.HeadDimension, batch, machine.SixteenBitProducts);
        Seconds<T> toHeads = Gemm.Backward(
            layer.SequenceLength, layer.Model.HeadDimension, layer.SequenceLength, batch, machine.SixteenBitProducts);
        Seconds<T> softmax = ScoreMovement(layer, machine, softmaxElements: 3, dropoutElements: 2);
        return (toScores + (T.Literal(3) * toHeads) + softmax).Named(Equations.UnfusedAttentionBackward);
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
