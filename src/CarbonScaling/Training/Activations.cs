using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Activations of one micro-batch on one device.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">All that a layer beyond the leading ones keeps (ACT-1).</param>
/// <param name="Leading">All that a leading dense layer keeps.</param>
/// <param name="LayerInput">The input of a layer (ACT-2).</param>
/// <param name="Recomputed">What selective recomputation brings back of the layer at work: scores that were not kept.</param>
/// <param name="Head">What the head keeps.</param>
public sealed record ActivationBytes<T>(
    Bytes<T> Layer, Bytes<T> Leading, Bytes<T> LayerInput, Bytes<T> Recomputed, Bytes<T> Head)
    where T : struct, IReal<T>;

/// <summary>Memory of the activations kept for the backward pass.</summary>
public static class Activations
{
    /// <summary>What is kept of one micro-batch.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="routing">How tokens spread over experts.</param>
    public static ActivationBytes<T> Of<T>(LayerInputs<T> layer, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        Bytes<T> dense = Layer(layer);
        return new(
            layer.Model.HasExperts ? Body(layer, dense, routing) : dense,
            dense,
            LayerInput(layer),
            new(DropsScores(layer.Options) ? Scores(layer) : T.Literal(0)),
            WithPrediction(Head(layer), layer, routing));
    }

    /// <summary>All that a stage keeps at its fullest.</summary>
    /// <remarks>
    /// Eq. ACT-3: layers × micro-batches in flight × a layer, or its input where it is computed again, and of the layer at
    /// work what comes back: with selective recomputation its scores, with full recomputation all of it, in place of its
    /// input; offloaded, the layer at work and the one whose copy is under way, or its input where all are computed again.
    /// Beside it, on the last stage, the logits of one micro-batch (MEM-4), and with prediction modules theirs and their layers.
    /// </remarks>
    /// <param name="stage">The stage.</param>
    /// <param name="bytes">Activations of one micro-batch.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    public static Bytes<T> Stage<T>(in StageContents<T> stage, ActivationBytes<T> bytes, in PlanShape shape)
        where T : struct, IReal<T>
    {
        Bytes<T> kept = (Whole(stage, bytes, shape) + bytes.Recomputed).Named(Equations.StageActivations);
        return stage.HasHead ? kept + bytes.Head : kept;
    }

    /// <summary>Everything that the backward pass of a layer without experts needs of one micro-batch.</summary>
    /// <remarks>
    /// Eq. ACT-1: inputs of the norms 2·2Th, of the query projection and of the feed-forward block 2Th each and two
    /// dropout masks Th each, by the residual's ranks; queries, keys, values and the result of attention 2 B each, the
    /// feed-forward block {4|6}Tf, by t; and of the attention core 4 B per row of a fused kernel, or the scores: 2 B
    /// softmax, and with dropout 2 B result and 1 B mask. Parts that are computed again are left out; quantised products
    /// keep their inputs in their own format.
    /// </remarks>
    public static Bytes<T> Layer<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T feedForward = KeptOfNonlinearity(layer) * layer.Tokens * layer.FeedForward;
        return new Bytes<T>(Residual(layer) + Attention(layer) + feedForward).Named(Equations.LayerActivations);
    }

    /// <summary>The input of a layer, which full recomputation keeps.</summary>
    /// <remarks>Eq. ACT-2: 2Th, by the residual's ranks.</remarks>
    public static Bytes<T> LayerInput<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> =>
        new Bytes<T>(layer.ElementBytes * layer.Residual / layer.ResidualRanks).Named(Equations.LayerInputActivations);

    private static Bytes<T> Whole<T>(in StageContents<T> stage, ActivationBytes<T> bytes, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T beyond = stage.Layers - stage.Leading;
        if (shape.Offload.HasFlag(Offload.Activations))
        {
            return shape.Recompute is { Kind: Recomputation.Full, Layers: 0 }
                ? bytes.Layer + bytes.LayerInput
                : bytes.Layer * T.Min(T.Literal(2), stage.Layers * stage.InFlight);
        }

        if (shape.Recompute.Kind != Recomputation.Full)
        {
            return ((bytes.Layer * beyond) + (bytes.Leading * stage.Leading)) * stage.InFlight;
        }

        T again = T.Min(stage.Recomputed, stage.Layers);
        T least = T.Min(beyond, again);
        Bytes<T> whole = (bytes.Layer * (beyond - least)) + (bytes.Leading * (stage.Leading - (again - least)));
        return ((whole + (bytes.LayerInput * again)) * stage.InFlight) - bytes.LayerInput + bytes.Layer;
    }

    /// <summary>Everything that the backward pass of a layer with experts needs of one micro-batch.</summary>
    /// <remarks>
    /// Eq. ACT-4: as ACT-1 for attention; the input of the router 2Th and its scores 4TE by the residual's ranks; the
    /// dispatched copies 2h each and {4|6}f_e/x of the experts for each, the results of the experts 2h each; shared experts
    /// as a feed-forward block.
    /// </remarks>
    internal static Bytes<T> Mixture<T>(LayerInputs<T> layer, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        TransformerShape<T> model = layer.Model;
        T copies = ExpertBlock.Copies(layer, ExpertParallel.Imbalance(layer, routing));
        T kept = KeptOfNonlinearity(layer);
        T width = model.ExpertFeedForward / layer.ExpertTensor;
        T channel = layer.Options.Recompute.HasFlag(RecomputeModules.Mlp)
            ? layer.ProductBytes
            : layer.ProductBytes + layer.ElementBytes;
        T experts = copies * ((channel * model.Hidden) + (kept * width));
        T router = T.Literal(4) * layer.Tokens * model.Experts / layer.ResidualRanks;
        T shared = model.HasSharedExperts
            ? kept * layer.Tokens * model.SharedFeedForward / layer.Tensor
            : T.Literal(0);
        return new Bytes<T>(Residual(layer) + Attention(layer) + router + experts + shared)
            .Named(Equations.MixtureActivations);
    }

    private static Bytes<T> Body<T>(LayerInputs<T> layer, Bytes<T> dense, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        Bytes<T> mixture = Mixture(layer, routing);
        return layer.Model.Traits.Mixture is { LayerInterval: > 1 }
            ? (mixture * layer.Model.MixtureShare) + (dense * (T.Literal(1) - layer.Model.MixtureShare))
            : mixture;
    }

    // A prediction module keeps what joins the last hidden state and the next token's embedding, a layer, and the head once more.
    private static Bytes<T> WithPrediction<T>(Bytes<T> head, LayerInputs<T> layer, RoutingInputs<T> routing)
        where T : struct, IReal<T>
    {
        if (!layer.Model.HasPrediction)
        {
            return head;
        }

        Bytes<T> body = layer.Model.HasExperts ? Mixture(layer, routing) : Layer(layer);
        Bytes<T> joined = new(T.Literal(2) * layer.ProductBytes * layer.Residual / layer.ResidualRanks);
        return head + ((joined + body + head) * layer.Model.PredictionLayers);
    }

    // Inputs of both norms, of both blocks (the norms' outputs) unless they are computed again, and two dropout masks.
    private static T Residual<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T two = T.Literal(2);
        T bytes = (two * layer.ElementBytes) + T.Literal(layer.Options.Dropout ? 2 : 0);
        bytes = layer.Options.Recompute.HasFlag(RecomputeModules.Norm) ? bytes : bytes + (two * layer.ProductBytes);
        return bytes * layer.Residual / layer.ResidualRanks;
    }

    // Bytes a channel: input of the nonlinearity and of the gate, and their product, which feeds the product out of the
    // block, unless it is computed again.
    private static T KeptOfNonlinearity<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T inputs = layer.Options.NonlinearityInputs == NonlinearityStorage.Fp8
            ? layer.Model.Gates
            : layer.Model.Gates * layer.ElementBytes;
        return layer.Options.Recompute.HasFlag(RecomputeModules.Mlp) ? inputs : inputs + layer.ProductBytes;
    }

    // Queries, keys and values unless they are projected again from kept latents, and the result of attention.
    private static T Attention<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        bool again = layer.Model.HasLatentAttention && layer.Options.Recompute.HasFlag(RecomputeModules.Latent);
        T widths = again ? layer.ContextWidth : layer.QueryWidth + layer.KeyWidth + layer.ValueWidth + layer.ContextWidth;
        T heads = layer.ElementBytes * layer.Tokens * widths;
        T latents = layer.Model.HasLatentAttention ? Latents(layer) : T.Literal(0);
        return heads + latents + Core(layer);
    }

    private static T Latents<T>(LayerInputs<T> layer)
        where T : struct, IReal<T>
    {
        T width = layer.Model.KeyValueRank + layer.Model.RopeHeadDimension;
        width = layer.Model.HasQueryLatent ? width + layer.Model.QueryRank : width;
        return layer.ElementBytes * layer.Tokens / layer.ResidualRanks * width;
    }

    private static T Core<T>(LayerInputs<T> layer)
        where T : struct, IReal<T> => layer.Options switch
        {
            { Attention: not AttentionKernel.Unfused } => T.Literal(4) * layer.Tokens * layer.Model.Heads / layer.Tensor,
            _ => DropsScores(layer.Options) ? T.Literal(0) : Scores(layer),
        };

    private static bool DropsScores(LayerOptions options) =>
        options.Attention == AttentionKernel.Unfused && options.Recompute.HasFlag(RecomputeModules.Attention);

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
