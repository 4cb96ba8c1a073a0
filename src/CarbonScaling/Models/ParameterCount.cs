using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>Parameters of a transformer, by part.</summary>
public static class ParameterCount
{
    /// <summary>Weights of the matrix products of a layer without experts, which tensor parallelism splits.</summary>
    /// <remarks>Eq. PARAM-1: attention (PARAM-7) + feed-forward block n·h·f, n = 3 with a gate, else 2.</remarks>
    public static T LayerMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        T.Name(AttentionMatrices(shape) + FeedForwardMatrices(shape), Equations.LayerMatrices);

    /// <summary>Weights of the matrix products of attention.</summary>
    /// <remarks>
    /// Eq. PARAM-7: h·a·d + 2h·g·d + a·d·h, and h·a·d for a gate; latent: r_q(h + a(d_n + d_r)) + h(r_kv + d_r) +
    /// r_kv·a(d_n + d_v) + a·d_v·h, without a query latent h·a(d_n + d_r) for the first term.
    /// </remarks>
    public static T AttentionMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        T.Name(shape.HasLatentAttention ? LatentMatrices(shape) : GroupedMatrices(shape), Equations.AttentionMatrices);

    /// <summary>Weights of the feed-forward block of a layer without experts, n·h·f.</summary>
    public static T FeedForwardMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => BlockMatrices(shape, shape.FeedForward);

    /// <summary>Weights of the matrices of one routed expert, n·h·f_e.</summary>
    public static T ExpertMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => BlockMatrices(shape, shape.ExpertFeedForward);

    /// <summary>Parameters of all routed experts of a layer, which expert parallelism splits.</summary>
    /// <remarks>Eq. PARAM-8: E·(n·h·f_e + biases).</remarks>
    public static T RoutedExperts<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => T.Name(shape.Experts * Expert(shape), Equations.RoutedExpertParameters);

    /// <summary>Weights of the shared experts of a layer, which every token visits, with their gate.</summary>
    /// <remarks>Eq. PARAM-9: n·h·f_s, and h for a gate.</remarks>
    public static T SharedExperts<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T matrices = BlockMatrices(shape, shape.SharedFeedForward);
        bool gated = shape.Traits.Mixture is { SharedExpertGate: true };
        return T.Name(gated ? matrices + shape.Hidden : matrices, Equations.SharedExpertParameters);
    }

    /// <summary>Parameters of the router of a layer, which every rank holds.</summary>
    /// <remarks>Eq. PARAM-10: h·E, and E for a bias.</remarks>
    public static T Router<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T weights = shape.Hidden * shape.Experts;
        bool biased = shape.Traits.Mixture is { RouterBias: true };
        return T.Name(biased ? weights + shape.Experts : weights, Equations.RouterParameters);
    }

    /// <summary>Norms and biases of one layer without experts, which every tensor-parallel rank holds (biases are a negligible part).</summary>
    /// <remarks>Eq. PARAM-2: norms 2h, 4h with LayerNorm; norms of queries, keys and latents; biases (a+2g)d + h + n'f + h; sinks a.</remarks>
    public static T LayerVectors<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T vectors = CommonVectors(shape);
        T all = HasBlockBiases(shape) ? vectors + BlockBiases(shape, shape.FeedForward) : vectors;
        return T.Name(all, Equations.LayerVectors);
    }

    /// <summary>Norms and biases of one layer with experts, without those of the routed experts.</summary>
    /// <remarks>Eq. PARAM-11: as PARAM-2, with the biases of the shared experts.</remarks>
    public static T MoeLayerVectors<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T vectors = CommonVectors(shape);
        bool biased = shape.HasSharedExperts && HasBlockBiases(shape);
        T all = biased ? vectors + BlockBiases(shape, shape.SharedFeedForward) : vectors;
        return T.Name(all, Equations.MoeLayerVectors);
    }

    /// <summary>Parameters of a layer with experts that every token uses: all but the routed experts.</summary>
    public static T MoeLayerCommon<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T common = AttentionMatrices(shape) + Router(shape) + MoeLayerVectors(shape);
        return shape.HasSharedExperts ? common + SharedExperts(shape) : common;
    }

    /// <summary>Parameters of the prediction modules, without the embedding and head that they share with the model.</summary>
    /// <remarks>Eq. PARAM-12: D·(2h·h + layer + 3 norms), the layer as the last one of the model.</remarks>
    public static T Prediction<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T layer = shape.HasExperts
            ? MoeLayerCommon(shape) + RoutedExperts(shape)
            : LayerMatrices(shape) + LayerVectors(shape);
        T module = PredictionProjection(shape) + layer + (T.Literal(3) * Norm(shape));
        return T.Name(shape.PredictionLayers * module, Equations.PredictionParameters);
    }

    /// <summary>Weights that join the last hidden state and the next token's embedding in a prediction module, 2h·h.</summary>
    public static T PredictionProjection<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => T.Literal(2) * shape.Hidden * shape.Hidden;

    /// <summary>Embedding of the first stage: tokens, learned positions and its norm.</summary>
    /// <remarks>Eq. PARAM-3: V·h + positions·h.</remarks>
    public static T Embedding<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T rows = (shape.Vocabulary + shape.Positions) * shape.Hidden;
        return T.Name(shape.Traits.EmbeddingNorm ? rows + Norm(shape) : rows, Equations.EmbeddingParameters);
    }

    /// <summary>Weights of the output head, whether or not they are shared with the embedding.</summary>
    public static T Head<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => shape.Vocabulary * shape.Hidden;

    /// <summary>All parameters of the model, without prediction modules; a tied head counts once.</summary>
    /// <remarks>Eq. PARAM-4: dense layers·(matrices + vectors) + layers with experts·(their parts) + embedding + head + final norm.</remarks>
    public static T Total<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => T.Name(
            Sum(shape, shape.HasExperts ? RoutedExperts(shape) : T.Literal(0)), Equations.TotalParameters);

    /// <summary>Parameters that a token uses: all but the routed experts that it does not visit.</summary>
    /// <remarks>Eq. PARAM-13: as PARAM-4, with K of the E routed experts.</remarks>
    public static T Active<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        shape.HasExperts ? T.Name(
            Sum(shape, shape.ExpertsPerToken * Expert(shape)), Equations.ActiveParameters) : Total(shape);

    private static T Sum<T>(TransformerShape<T> shape, T experts)
        where T : struct, IReal<T>
    {
        T total = Embedding(shape) + Norm(shape);
        if (shape.HasDenseLayers)
        {
            total = (shape.DenseLayers * (LayerMatrices(shape) + LayerVectors(shape))) + total;
        }

        if (shape.HasExperts)
        {
            total += shape.MoeLayers * (MoeLayerCommon(shape) + experts);
        }

        return shape.Traits.TiedEmbeddings ? total : total + Head(shape);
    }

    private static T GroupedMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        // Queries, output and, where there is one, the gate have the same width.
        T wide = T.Literal(shape.Traits.AttentionGate ? 3 : 2);
        return shape.Hidden * ((wide * shape.QueryWidth) + (T.Literal(2) * shape.KeyWidth));
    }

    private static T LatentMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T query = shape.HasQueryLatent
            ? shape.QueryRank * (shape.Hidden + shape.QueryWidth)
            : shape.Hidden * shape.QueryWidth;
        T down = shape.Hidden * (shape.KeyValueRank + shape.RopeHeadDimension);
        T up = shape.KeyValueRank * ((shape.Heads * shape.HeadDimension) + shape.ContextWidth);
        T output = shape.ContextWidth * shape.Hidden;
        T gate = shape.Traits.AttentionGate ? output : T.Literal(0);
        return query + down + up + output + gate;
    }

    private static T BlockMatrices<T>(TransformerShape<T> shape, T width)
        where T : struct, IReal<T> => (shape.Gates + T.Literal(1)) * shape.Hidden * width;

    private static T BlockBiases<T>(TransformerShape<T> shape, T width)
        where T : struct, IReal<T> => (shape.Gates * width) + shape.Hidden;

    private static bool HasBlockBiases<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => shape.Traits.Biases is Biases.All or Biases.FeedForward;

    private static T Expert<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => HasBlockBiases(shape)
            ? ExpertMatrices(shape) + BlockBiases(shape, shape.ExpertFeedForward)
            : ExpertMatrices(shape);

    private static T CommonVectors<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T vectors = T.Literal(shape.Traits.NormsPerLayer) * Norm(shape);
        vectors = shape.Traits.QueryKeyNorm switch
        {
            QueryKeyNorm.PerHead => vectors + (T.Literal(2) * shape.QueryKeyDimension),
            QueryKeyNorm.PerWidth => vectors + shape.QueryWidth + shape.KeyWidth,
            _ => vectors,
        };
        vectors = shape.HasLatentAttention ? vectors + Latents(shape) : vectors;
        vectors = shape.Traits.AttentionSinks ? vectors + shape.Heads : vectors;
        return shape.Traits.Biases switch
        {
            Biases.None or Biases.FeedForward => vectors,
            Biases.QueryKeyValue => vectors + InputBiases(shape),
            _ => vectors + InputBiases(shape) + shape.Hidden,
        };
    }

    // Every latent has a norm; where projections have biases, the ones into the latents carry them.
    private static T InputBiases<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => shape.HasLatentAttention
        ? Latents(shape) + shape.RopeHeadDimension
        : shape.QueryWidth + (T.Literal(2) * shape.KeyWidth);

    private static T Latents<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        shape.HasQueryLatent ? shape.QueryRank + shape.KeyValueRank : shape.KeyValueRank;

    private static T Norm<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => shape.Traits.Normalisation switch
        {
            Normalisation.LayerNorm => T.Literal(2) * shape.Hidden,
            Normalisation.LayerNormWithoutParameters => T.Literal(0),
            _ => shape.Hidden,
        };
}
