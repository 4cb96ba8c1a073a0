using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Parameters of a device: those that all data-parallel ranks share, and the routed experts, which fewer ranks share.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Common">All but routed experts.</param>
/// <param name="Experts">Routed experts.</param>
public readonly record struct DeviceParameters<T>(T Common, T Experts)
    where T : struct, IReal<T>;

/// <summary>Weights that a device holds, by kind of stage.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">One layer beyond the leading ones, without its routed experts.</param>
/// <param name="LayerExperts">Its routed experts.</param>
/// <param name="Leading">One of the leading dense layers.</param>
/// <param name="Embedding">The embedding of the first stage.</param>
/// <param name="Head">The head of the last stage.</param>
/// <param name="Prediction">Prediction modules on the last stage, without routed experts.</param>
/// <param name="PredictionExperts">Their routed experts.</param>
/// <param name="Tied">Whether head and embedding share their weights.</param>
public sealed record RankParameters<T>(
    T Layer, T LayerExperts, T Leading, T Embedding, T Head, T Prediction, T PredictionExperts, bool Tied)
    where T : struct, IReal<T>
{
    /// <summary>The share of a rank.</summary>
    /// <remarks>
    /// Eq. PARAM-5: matrices, token embedding and head by t, routed experts by e·x; norms, biases, router, positions and
    /// projections into latents in full; with fewer key-value heads than ranks each rank holds a whole one. Eq. PARAM-14: the
    /// routed experts, E·(n·h·f_e + biases)/(e·x).
    /// </remarks>
    /// <param name="layer">The layer and the degrees that split it.</param>
    public static RankParameters<T> Of(LayerInputs<T> layer)
    {
        TransformerShape<T> shape = layer.Model;
        T zero = T.Literal(0);
        T dense = (ParameterCount.FeedForwardMatrices(shape) / layer.Tensor) + AttentionOf(layer) + ParameterCount.LayerVectors(shape);
        T body = dense;
        T experts = zero;
        T mixture = dense;
        T routed = zero;
        if (shape.Traits.Mixture is { } traits)
        {
            mixture = AttentionOf(layer) + ParameterCount.Router(shape) + ParameterCount.MoeLayerVectors(shape);
            mixture = shape.HasSharedExperts ? mixture + (ParameterCount.SharedExperts(shape) / layer.Tensor) : mixture;
            routed = ParameterCount.RoutedExperts(shape) / (layer.Expert * layer.ExpertTensor);
            T share = shape.MixtureShare;
            body = traits.LayerInterval == 1 ? mixture : (mixture * share) + (dense * (T.Literal(1) - share));
            experts = traits.LayerInterval == 1 ? routed : routed * share;
        }

        T head = ParameterCount.Head(shape) / layer.Tensor;
        T embedding = head + (ParameterCount.Embedding(shape) - ParameterCount.Head(shape));
        T projection = ParameterCount.PredictionProjection(shape) / layer.Tensor;
        return new(
            T.Name(body, Equations.RankLayerParameters),
            T.Name(experts, Equations.RankExpertParameters),
            T.Name(dense, Equations.RankLayerParameters),
            T.Name(embedding, Equations.RankEmbeddingParameters),
            T.Name(head, Equations.RankHeadParameters),
            shape.HasPrediction ? shape.PredictionLayers * (mixture + projection) : zero,
            shape.HasPrediction ? shape.PredictionLayers * routed : zero,
            shape.Traits.TiedEmbeddings);
    }

    /// <summary>What a stage holds.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="leading">Those of them that are leading dense layers.</param>
    /// <param name="place">Where it lies in the pipeline.</param>
    /// <param name="pipelined">Whether there are several stages.</param>
    public DeviceParameters<T> OnStage(T layers, T leading, StagePlace place, bool pipelined)
    {
        bool last = place == StagePlace.Last || !pipelined;
        T beyond = layers - leading;
        T common = (beyond * Layer) + (leading * Leading);
        T experts = beyond * LayerExperts;
        if (place == StagePlace.First)
        {
            common += Embedding;
        }

        // With one stage a tied head is the embedding itself; with several it is a copy on the last stage.
        if (last && (pipelined || !Tied))
        {
            common += Head;
        }

        return last ? new(common + Prediction, experts + PredictionExperts) : new(common, experts);
    }

    /// <summary>The most parameters that a stage of the pool holds, of each kind.</summary>
    /// <remarks>Eq. PARAM-6.</remarks>
    public DeviceParameters<T> FullestStage(in PlanInputs<T> plan, in PlanShape shape)
    {
        T none = T.Literal(0);
        DeviceParameters<T> first = shape.HoldsFirst
            ? OnStage(plan.FirstLayers, plan.LeadingLayers, StagePlace.First, shape.Pipelined)
            : default;
        if (!shape.Pipelined)
        {
            return new(T.Name(first.Common, Equations.StageParameters), first.Experts);
        }

        DeviceParameters<T> middle = OnStage(plan.MiddleLayers, none, StagePlace.Middle, shape.Pipelined);
        DeviceParameters<T> last = shape.HoldsLast
            ? OnStage(plan.LastLayers, none, StagePlace.Last, shape.Pipelined)
            : default;
        return new(
            T.Name(T.Max(T.Max(first.Common, last.Common), middle.Common), Equations.StageParameters),
            T.Max(T.Max(first.Experts, last.Experts), middle.Experts));
    }

    /// <summary>Weights of the matrix products of attention on a rank.</summary>
    internal static T AttentionOf(LayerInputs<T> layer)
    {
        TransformerShape<T> shape = layer.Model;
        T matrices = ParameterCount.AttentionMatrices(shape);
        T one = T.Literal(1);
        if (shape.HasLatentAttention)
        {
            T down = shape.Hidden * (shape.KeyValueRank + shape.RopeHeadDimension);
            down = shape.HasQueryLatent ? down + (shape.Hidden * shape.QueryRank) : down;
            return (matrices / layer.Tensor) + (down * (one - (one / layer.Tensor)));
        }

        T ownHeads = shape.KeyValueHeads / layer.Tensor;
        T repeated = T.Max(ownHeads, one) - ownHeads;
        return (matrices / layer.Tensor) + (T.Literal(2) * shape.Hidden * shape.HeadDimension * repeated);
    }
}

/// <summary>Where a stage lies in the pipeline.</summary>
public enum StagePlace
{
    /// <summary>The first, with the embedding; also the only one.</summary>
    First,

    /// <summary>Between first and last.</summary>
    Middle,

    /// <summary>The last, with the head.</summary>
    Last,
}
