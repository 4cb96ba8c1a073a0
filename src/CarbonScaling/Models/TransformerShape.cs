using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>The dimensions of a transformer as numbers of an equation.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Traits">The discrete choices.</param>
/// <param name="Layers">Layers L.</param>
/// <param name="Hidden">Width of the residual stream h.</param>
/// <param name="FeedForward">Inner width of the feed-forward block f.</param>
/// <param name="Heads">Query heads a.</param>
/// <param name="KeyValueHeads">Key and value heads g.</param>
/// <param name="HeadDimension">Width of a head d.</param>
/// <param name="Vocabulary">Rows of the embedding V.</param>
/// <param name="Positions">Rows of a learned position embedding.</param>
public sealed record TransformerShape<T>(
    TransformerTraits Traits,
    T Layers,
    T Hidden,
    T FeedForward,
    T Heads,
    T KeyValueHeads,
    T HeadDimension,
    T Vocabulary,
    T Positions)
    where T : struct, IReal<T>
{
    /// <summary>Width of all query heads, a·d.</summary>
    public T QueryWidth => Heads * HeadDimension;

    /// <summary>Width of all key heads, g·d; the value heads are as wide.</summary>
    public T KeyWidth => KeyValueHeads * HeadDimension;

    /// <summary>Projections into the feed-forward block: 2 with a gate, else 1.</summary>
    public T Gates => T.Literal(Traits.Activation == Activation.SwiGlu ? 2 : 1);
}
