using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Activations of one micro-batch on one device.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">All that a layer keeps (ACT-1).</param>
/// <param name="LayerInput">The input of a layer (ACT-2).</param>
/// <param name="Recomputed">What selective recomputation brings back of the layer at work: scores that were not kept.</param>
/// <param name="Head">What the head keeps.</param>
public sealed record ActivationBytes<T>(Bytes<T> Layer, Bytes<T> LayerInput, Bytes<T> Recomputed, Bytes<T> Head)
    where T : struct, IReal<T>;

/// <summary>Memory of the activations kept for the backward pass.</summary>
public static class Activations
{
    /// <summary>What is kept of one micro-batch.</summary>
    public static ActivationBytes<T> Of<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        new(Layer(layer), LayerInput(layer), new(DropsScores(layer.Options) ? Scores(layer) : T.Literal(0)), Head(layer));

    /// <summary>All that a stage keeps at its fullest.</summary>
    /// <remarks>
    /// Eq. ACT-3: layers × micro-batches in flight × a layer, and of the layer at work what comes back: with selective
    /// recomputation its scores, with full recomputation all of it, in place of its input. Beside it, on the last stage,
    /// the logits of one micro-batch (MEM-4).
    /// </remarks>
    public static Bytes<T> Stage<T>(in StageContents<T> stage, ActivationBytes<T> bytes, Recomputation recomputation)
        where T : struct, IReal<T>
    {
        T times = stage.Layers * stage.InFlight;
        Bytes<T> kept = recomputation switch
        {
            Recomputation.Full => (bytes.LayerInput * (times - T.Literal(1))) + bytes.Layer,
            Recomputation.Selective => (bytes.Layer * times) + bytes.Recomputed,
            _ => bytes.Layer * times,
        };
        kept = kept.Named(Equations.StageActivations);
        return stage.HasHead ? kept + bytes.Head : kept;
    }

    /// <summary>Everything that the backward pass of a layer needs of one micro-batch.</summary>
    /// <remarks>
    /// Eq. ACT-1: inputs of the norms 2·2Th, of the query projection and of the feed-forward block 2Th each and two
    /// dropout masks Th each, by the residual's ranks; query and context 2Tad each, key and value 2Tgd each, the
    /// feed-forward block {4|6}Tf, by t; and of the attention core 4 B per row of a fused kernel, or the scores: 2 B
    /// softmax, and with dropout 2 B result and 1 B mask.
    /// </remarks>
    public static Bytes<T> Layer<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T masks = T.Literal(layer.Options.Dropout ? 2 : 0);
        T residual = ((T.Literal(4) * layer.ElementBytes) + masks) * layer.Residual / layer.ResidualRanks;
        T attention = T.Literal(2) * layer.ElementBytes * layer.Tokens * (layer.QueryWidth + layer.KeyWidth);
        T feedForward = layer.ElementBytes * (layer.Model.Gates + T.Literal(1)) * layer.Tokens * layer.FeedForward;
        return new Bytes<T>(residual + attention + feedForward + Core(layer)).Named(Equations.LayerActivations);
    }

    /// <summary>The input of a layer, which full recomputation keeps.</summary>
    /// <remarks>Eq. ACT-2: 2Th, by the residual's ranks.</remarks>
    public static Bytes<T> LayerInput<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        new Bytes<T>(layer.ElementBytes * layer.Residual / layer.ResidualRanks).Named(Equations.LayerInputActivations);

    private static T Core<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Options switch
        {
            { Attention: not AttentionKernel.Unfused } => T.Literal(4) * layer.Tokens * layer.Model.Heads / layer.Tensor,
            { Recomputation: Recomputation.Selective } => T.Literal(0),
            _ => Scores(layer),
        };

    private static bool DropsScores(in LayerOptions options) =>
        options is { Attention: AttentionKernel.Unfused, Recomputation: Recomputation.Selective };

    // Softmax, and with dropout its result and a mask of 1 B.
    private static T Scores<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Options.Dropout
            ? ((T.Literal(2) * layer.ElementBytes) + T.Literal(1)) * layer.Scores
            : layer.ElementBytes * layer.Scores;

    // The logits as computed and in 32 bits, and the input of the head.
    private static Bytes<T> Head<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => new(
        ((layer.ElementBytes + T.Literal(4)) * layer.Tokens * layer.Model.Vocabulary / layer.Tensor)
        + (layer.ElementBytes * layer.Residual / layer.ResidualRanks));
}
