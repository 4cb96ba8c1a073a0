using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>A decoder-only transformer: its dimensions, each with its source, and its discrete traits.</summary>
public sealed record Transformer
{
    /// <summary>The catalog id, or "inline" for a model given in a scenario.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Name { get; init; }

    /// <summary>The discrete choices.</summary>
    public required TransformerTraits Traits { get; init; }

    /// <summary>Number of layers L, without prediction layers.</summary>
    public required Figure Layers { get; init; }

    /// <summary>Width of the residual stream h.</summary>
    public required Figure Hidden { get; init; }

    /// <summary>Inner width of the feed-forward block of a dense layer f; 0 where every layer has experts.</summary>
    public required Figure FeedForward { get; init; }

    /// <summary>Query heads a.</summary>
    public required Figure Heads { get; init; }

    /// <summary>Key and value heads g: a for multi-head attention, 1 for multi-query attention.</summary>
    public required Figure KeyValueHeads { get; init; }

    /// <summary>Width of a head d; with latent attention the part without rotary embedding.</summary>
    public required Figure HeadDimension { get; init; }

    /// <summary>Rows of the embedding V.</summary>
    public required Figure Vocabulary { get; init; }

    /// <summary>Rows of a learned position embedding; 0 where positions are rotary or ALiBi.</summary>
    public required Figure Positions { get; init; }

    /// <summary>The experts; null for a dense model.</summary>
    public ExpertFigures? Experts { get; init; }

    /// <summary>The latents; null without latent attention.</summary>
    public LatentFigures? Latent { get; init; }

    /// <summary>Tokens of a window; null where all layers attend to the whole sequence.</summary>
    public Figure? Window { get; init; }

    /// <summary>Multi-token prediction: modules after the last layer; null for none.</summary>
    public Figure? PredictionLayers { get; init; }

    /// <summary>The published training length in tokens, where known.</summary>
    public Figure? SequenceLength { get; init; }

    /// <summary>The published number of parameters, where known.</summary>
    public Figure? PublishedParameters { get; init; }

    /// <summary>The published number of parameters that a token uses, where known.</summary>
    public Figure? PublishedActiveParameters { get; init; }

    /// <summary>Number of layers as an integer.</summary>
    public int LayerCount => (int)Layers.Value;

    /// <summary>Number of layers with experts.</summary>
    public int MoeLayerCount => Traits.Mixture?.Count(LayerCount) ?? 0;

    /// <summary>Number of layers that attend to a window only.</summary>
    public int WindowedLayerCount => Traits.Window?.Count(LayerCount) ?? 0;

    /// <summary>Number of parameters without prediction layers (PARAM-4).</summary>
    public double ParameterCount => Models.ParameterCount.Total(Lift<Scalar>()).Value;

    /// <summary>Number of parameters that a token uses (PARAM-13).</summary>
    public double ActiveParameterCount => Models.ParameterCount.Active(Lift<Scalar>()).Value;

    /// <summary>The dimensions as inputs of the equations.</summary>
    public TransformerShape<T> Lift<T>()
        where T : struct, IReal<T> => new()
        {
            Traits = Traits,
            Layers = T.Input(Layers),
            Hidden = T.Input(Hidden),
            FeedForward = T.Input(FeedForward),
            Heads = T.Input(Heads),
            KeyValueHeads = T.Input(KeyValueHeads),
            HeadDimension = T.Input(HeadDimension),
            Vocabulary = T.Input(Vocabulary),
            Positions = T.Input(Positions),
            MoeLayers = Traits.Mixture is null ? T.Literal(0) : T.Input(Counted("moeLayers", MoeLayerCount)),
            Experts = InputOf<T>(Experts?.Count),
            ExpertsPerToken = InputOf<T>(Experts?.PerToken),
            ExpertFeedForward = InputOf<T>(Experts?.FeedForward),
            SharedFeedForward = InputOf<T>(Experts?.SharedFeedForward),
            CapacityFactor = InputOf<T>(Experts?.CapacityFactor),
            QueryRank = InputOf<T>(Latent?.QueryRank),
            KeyValueRank = InputOf<T>(Latent?.KeyValueRank),
            RopeHeadDimension = InputOf<T>(Latent?.RopeHeadDimension),
            LatentValueDimension = InputOf<T>(Latent?.ValueHeadDimension),
            Window = InputOf<T>(Window),
            WindowedLayers = Traits.Window is null ? T.Literal(0) : T.Input(Counted("windowedLayers", WindowedLayerCount)),
            PredictionLayers = InputOf<T>(PredictionLayers),
            Visits = (int)(Experts?.PerToken.Value ?? 0),
            HasDenseLayers = MoeLayerCount < LayerCount,
            HasSharedExperts = Experts?.SharedFeedForward is not null,
            HasCapacity = Experts?.CapacityFactor is not null,
            HasQueryLatent = Latent?.QueryRank is not null,
            HasPrediction = PredictionLayers is not null,
        };

    private static T InputOf<T>(Figure? figure)
        where T : struct, IReal<T> => figure is { } given ? T.Input(given) : T.Literal(0);

    // Follows from the number of layers and the pattern, so it is as good as these.
    private Figure Counted(string name, int count) => Layers with { Name = $"{Id}.{name}", Value = count, Status = FigureStatus.Computed };
}

/// <summary>The experts of a mixture.</summary>
/// <param name="Count">Routed experts of a layer E.</param>
/// <param name="PerToken">Routed experts that a token visits K.</param>
/// <param name="FeedForward">Inner width of an expert f_e.</param>
/// <param name="SharedFeedForward">Inner width of all shared experts of a layer together; null for none.</param>
/// <param name="CapacityFactor">Tokens that an expert takes at most, over its even share; null where none is dropped.</param>
public sealed record ExpertFigures(
    Figure Count,
    Figure PerToken,
    Figure FeedForward,
    Figure? SharedFeedForward = null,
    Figure? CapacityFactor = null);

/// <summary>The widths of multi-head latent attention.</summary>
/// <param name="QueryRank">Rank of the queries' latent r_q; null where queries are projected directly.</param>
/// <param name="KeyValueRank">Rank of the keys' and values' latent r_kv.</param>
/// <param name="RopeHeadDimension">Width of the rotary part of a query or key d_r.</param>
/// <param name="ValueHeadDimension">Width of a value head d_v.</param>
public sealed record LatentFigures(Figure? QueryRank, Figure KeyValueRank, Figure RopeHeadDimension, Figure ValueHeadDimension);
