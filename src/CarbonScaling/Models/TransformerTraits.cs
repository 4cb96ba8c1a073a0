namespace CarbonScaling.Models;

/// <summary>The nonlinearity of the feed-forward block.</summary>
public enum Activation
{
    /// <summary>GELU: two projections, h×f and f×h.</summary>
    Gelu,

    /// <summary>SwiGLU: three projections, two of h×f and one of f×h.</summary>
    SwiGlu,
}

/// <summary>The normalisation before each block.</summary>
public enum Normalisation
{
    /// <summary>LayerNorm: a scale and a bias per channel.</summary>
    LayerNorm,

    /// <summary>RMSNorm: a scale per channel.</summary>
    RmsNorm,
}

/// <summary>Which linear layers carry a bias.</summary>
public enum Biases
{
    /// <summary>No linear layer.</summary>
    None,

    /// <summary>Only the query, key and value projections.</summary>
    QueryKeyValue,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>The discrete choices of a decoder-only transformer.</summary>
/// <param name="Activation">Nonlinearity of the feed-forward block.</param>
/// <param name="Normalisation">Normalisation of the blocks.</param>
/// <param name="Biases">Linear layers with a bias.</param>
/// <param name="TiedEmbeddings">Whether the head shares the embedding's weights.</param>
/// <param name="EmbeddingNorm">Whether a normalisation follows the embedding.</param>
public readonly record struct TransformerTraits(
    Activation Activation,
    Normalisation Normalisation,
    Biases Biases,
    bool TiedEmbeddings,
    bool EmbeddingNorm);
