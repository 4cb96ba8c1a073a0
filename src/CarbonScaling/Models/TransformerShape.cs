using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>The dimensions of a transformer as numbers of an equation.</summary>
/// <remarks>What an architecture lacks is 0; equations ask the traits whether it has it.</remarks>
/// <typeparam name="T">The numeric type.</typeparam>
public sealed record TransformerShape<T>
    where T : struct, IReal<T>
{
    /// <summary>The discrete choices.</summary>
    public required TransformerTraits Traits { get; init; }

    /// <summary>Layers L, without prediction layers.</summary>
    public required T Layers { get; init; }

    /// <summary>Width of the residual stream h.</summary>
    public required T Hidden { get; init; }

    /// <summary>Inner width of the feed-forward block of a dense layer f.</summary>
    public required T FeedForward { get; init; }

    /// <summary>Query heads a.</summary>
    public required T Heads { get; init; }

    /// <summary>Key and value heads g.</summary>
    public required T KeyValueHeads { get; init; }

    /// <summary>Width of a head d; with latent attention the part without rotary embedding d_n.</summary>
    public required T HeadDimension { get; init; }

    /// <summary>Rows of the embedding V.</summary>
    public required T Vocabulary { get; init; }

    /// <summary>Rows of a learned position embedding.</summary>
    public required T Positions { get; init; }

    /// <summary>Layers with experts.</summary>
    public required T MoeLayers { get; init; }

    /// <summary>Routed experts of a layer E.</summary>
    public required T Experts { get; init; }

    /// <summary>Routed experts that a token visits K.</summary>
    public required T ExpertsPerToken { get; init; }

    /// <summary>Inner width of an expert f_e.</summary>
    public required T ExpertFeedForward { get; init; }

    /// <summary>Inner width of all shared experts of a layer together f_s.</summary>
    public required T SharedFeedForward { get; init; }

    /// <summary>Tokens that an expert takes at most, over its even share; with <see cref="HasCapacity"/>.</summary>
    public required T CapacityFactor { get; init; }

    /// <summary>Rank of the queries' latent r_q.</summary>
    public required T QueryRank { get; init; }

    /// <summary>Rank of the keys' and values' latent r_kv.</summary>
    public required T KeyValueRank { get; init; }

    /// <summary>Width of the rotary part of a query or key d_r.</summary>
    public required T RopeHeadDimension { get; init; }

    /// <summary>Width of a value head with latent attention d_v.</summary>
    public required T LatentValueDimension { get; init; }

    /// <summary>Tokens of a window w.</summary>
    public required T Window { get; init; }

    /// <summary>Layers that attend to a window only.</summary>
    public required T WindowedLayers { get; init; }

    /// <summary>Multi-token prediction: modules after the last layer, each a layer with a projection before it.</summary>
    public required T PredictionLayers { get; init; }

    /// <summary>Whether some layers have experts.</summary>
    public bool HasExperts => Traits.Mixture is not null;

    /// <summary>Routed experts that a token visits, as a whole number that an equation may count to.</summary>
    public int Visits { get; init; }

    /// <summary>Whether some layers have none.</summary>
    public bool HasDenseLayers { get; init; } = true;

    /// <summary>Whether there are shared experts, which every token visits.</summary>
    public bool HasSharedExperts { get; init; }

    /// <summary>Whether an expert drops the tokens above its capacity; else none is dropped.</summary>
    public bool HasCapacity { get; init; }

    /// <summary>Whether keys and values come from a latent.</summary>
    public bool HasLatentAttention => Traits.Attention == AttentionKind.Latent;

    /// <summary>Whether, with latent attention, queries come from a latent too.</summary>
    public bool HasQueryLatent { get; init; }

    /// <summary>Whether some layers attend to a window only.</summary>
    public bool HasWindow => Traits.Window is not null;

    /// <summary>Whether there are prediction modules.</summary>
    public bool HasPrediction { get; init; }

    /// <summary>Layers without experts.</summary>
    public T DenseLayers => HasExperts ? Layers - MoeLayers : Layers;

    /// <summary>Share of the layers beyond the leading dense ones that have experts.</summary>
    public T MixtureShare => MoeLayers / (Layers - T.Literal(Traits.Mixture?.LeadingDenseLayers ?? 0));

    /// <summary>Layers that attend to the whole sequence.</summary>
    public T FullAttentionLayers => HasWindow ? Layers - WindowedLayers : Layers;

    /// <summary>Width of a query or key head: d, or d_n + d_r.</summary>
    public T QueryKeyDimension => HasLatentAttention ? HeadDimension + RopeHeadDimension : HeadDimension;

    /// <summary>Width of a value head: d, or d_v.</summary>
    public T ValueDimension => HasLatentAttention ? LatentValueDimension : HeadDimension;

    /// <summary>Width of all query heads, a·d.</summary>
    public T QueryWidth => Heads * QueryKeyDimension;

    /// <summary>Width of all key heads, g·d; with latent attention every query head has its own.</summary>
    public T KeyWidth => HasLatentAttention ? QueryWidth : KeyValueHeads * HeadDimension;

    /// <summary>Width of all value heads.</summary>
    public T ValueWidth => HasLatentAttention ? ContextWidth : KeyWidth;

    /// <summary>Width of the result of attention, a·d or a·d_v.</summary>
    public T ContextWidth => Heads * ValueDimension;

    /// <summary>Projections into the feed-forward block: 2 with a gate, else 1.</summary>
    public T Gates => T.Literal(Traits.Activation is Activation.SwiGlu or Activation.GeGlu ? 2 : 1);
}
