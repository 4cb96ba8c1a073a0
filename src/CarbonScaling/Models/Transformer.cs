using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>A dense decoder-only transformer: its dimensions, each with its source, and its discrete traits.</summary>
public sealed record Transformer
{
    /// <summary>The catalog id, or "inline" for a model given in a scenario.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Name { get; init; }

    /// <summary>The discrete choices.</summary>
    public required TransformerTraits Traits { get; init; }

    /// <summary>Number of layers L.</summary>
    public required Figure Layers { get; init; }

    /// <summary>Width of the residual stream h.</summary>
    public required Figure Hidden { get; init; }

    /// <summary>Inner width of the feed-forward block f.</summary>
    public required Figure FeedForward { get; init; }

    /// <summary>Query heads a.</summary>
    public required Figure Heads { get; init; }

    /// <summary>Key and value heads g: a for multi-head attention, 1 for multi-query attention.</summary>
    public required Figure KeyValueHeads { get; init; }

    /// <summary>Width of a head d.</summary>
    public required Figure HeadDimension { get; init; }

    /// <summary>Rows of the embedding V.</summary>
    public required Figure Vocabulary { get; init; }

    /// <summary>Rows of a learned position embedding; 0 where positions are rotary or ALiBi.</summary>
    public required Figure Positions { get; init; }

    /// <summary>The published training length in tokens, where known.</summary>
    public Figure? SequenceLength { get; init; }

    /// <summary>The published number of parameters, where known.</summary>
    public Figure? PublishedParameters { get; init; }

    /// <summary>Number of layers as an integer.</summary>
    public int LayerCount => (int)Layers.Value;

    /// <summary>The dimensions as inputs of the equations.</summary>
    public TransformerShape<T> Lift<T>()
        where T : struct, IReal<T> => new(
        Traits,
        T.Input(Layers),
        T.Input(Hidden),
        T.Input(FeedForward),
        T.Input(Heads),
        T.Input(KeyValueHeads),
        T.Input(HeadDimension),
        T.Input(Vocabulary),
        T.Input(Positions));

    /// <summary>Number of parameters (PARAM-4).</summary>
    public double ParameterCount => Models.ParameterCount.Total(Lift<Scalar>()).Value;
}
