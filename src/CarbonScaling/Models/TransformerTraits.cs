namespace CarbonScaling.Models;

/// <summary>The discrete choices of a decoder-only transformer; what is not set is as in Llama.</summary>
public sealed record TransformerTraits
{
    /// <summary>Nonlinearity of the feed-forward block and of the experts.</summary>
    public Activation Activation { get; init; } = Activation.SwiGlu;

    /// <summary>Normalisation of the blocks.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.RmsNorm;

    /// <summary>Linear layers with a bias.</summary>
    public Biases Biases { get; init; } = Biases.None;

    /// <summary>How positions are encoded.</summary>
    public PositionEncoding Positions { get; init; } = PositionEncoding.Rotary;

    /// <summary>Whether the head shares the embedding's weights.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Whether a normalisation follows the embedding.</summary>
    public bool EmbeddingNorm { get; init; }

    /// <summary>Normalisations of a layer: 2, 4 where the blocks' results are normalised too, 1 where both blocks share one.</summary>
    public int NormsPerLayer { get; init; } = 2;

    /// <summary>Whether attention and feed-forward block read the same input and run beside each other.</summary>
    public bool ParallelBlocks { get; init; }

    /// <summary>Normalisation of queries and keys.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>How keys and values are formed.</summary>
    public AttentionKind Attention { get; init; }

    /// <summary>Whether every head has a learned score that takes part in its softmax.</summary>
    public bool AttentionSinks { get; init; }

    /// <summary>Whether a projection of the input gates the result of attention, channel by channel.</summary>
    public bool AttentionGate { get; init; }

    /// <summary>Which layers attend to a window only; null where all attend to the whole sequence.</summary>
    public WindowTraits? Window { get; init; }

    /// <summary>The mixture of experts; null for a dense model.</summary>
    public MixtureTraits? Mixture { get; init; }
}

/// <summary>The nonlinearity of the feed-forward block.</summary>
public enum Activation
{
    /// <summary>GELU: two projections, h×f and f×h.</summary>
    Gelu,

    /// <summary>SwiGLU: three projections, two of h×f and one of f×h.</summary>
    SwiGlu,

    /// <summary>ReLU: two projections.</summary>
    Relu,

    /// <summary>Squared ReLU: two projections.</summary>
    SquaredRelu,

    /// <summary>GeGLU, gated by a GELU: three projections.</summary>
    GeGlu,
}

/// <summary>The normalisation before each block.</summary>
public enum Normalisation
{
    /// <summary>LayerNorm: a scale and a bias per channel.</summary>
    LayerNorm,

    /// <summary>RMSNorm: a scale per channel.</summary>
    RmsNorm,

    /// <summary>LayerNorm with a scale per channel and no bias.</summary>
    LayerNormWithoutBias,

    /// <summary>LayerNorm without parameters.</summary>
    LayerNormWithoutParameters,
}

/// <summary>Which linear layers carry a bias.</summary>
public enum Biases
{
    /// <summary>No linear layer.</summary>
    None,

    /// <summary>Only the query, key and value projections.</summary>
    QueryKeyValue,

    /// <summary>All of them but the output head.</summary>
    All,

    /// <summary>The projections of attention: queries, keys, values and output.</summary>
    Attention,

    /// <summary>The feed-forward block.</summary>
    FeedForward,
}

/// <summary>How a model knows the order of its tokens.</summary>
public enum PositionEncoding
{
    /// <summary>Rotary embedding of queries and keys.</summary>
    Rotary,

    /// <summary>A learned embedding with a row for each position.</summary>
    Learned,

    /// <summary>Attention with linear biases.</summary>
    Alibi,

    /// <summary>A fixed sinusoidal embedding.</summary>
    Sinusoidal,

    /// <summary>Only by what causal attention shows.</summary>
    None,
}

/// <summary>How keys and values are formed.</summary>
public enum AttentionKind
{
    /// <summary>By projection of the input, each key and value head for one or more query heads.</summary>
    Grouped,

    /// <summary>Multi-head latent attention: from a latent of low rank, with a rotary part that all heads share.</summary>
    Latent,
}

/// <summary>Normalisation of queries and keys before their product.</summary>
public enum QueryKeyNorm
{
    /// <summary>None.</summary>
    None,

    /// <summary>A scale per channel of a head, the same for all heads.</summary>
    PerHead,

    /// <summary>A scale per channel of all heads together.</summary>
    PerWidth,

    /// <summary>Without parameters.</summary>
    Unscaled,
}
