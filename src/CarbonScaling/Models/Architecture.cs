using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>
/// A transformer in whole numbers, as a scenario, a configuration file or a launch script gives it, before each number has
/// a name and a source. What an architecture lacks is 0 or null.
/// </summary>
public sealed record Architecture
{
    /// <summary>The discrete choices.</summary>
    public required TransformerTraits Traits { get; init; }

    /// <summary>Number of layers, without prediction layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Inner width of the feed-forward block of a dense layer; 0 where every layer has experts.</summary>
    public int FeedForward { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head; with latent attention the part without rotary embedding.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Rows of a learned position embedding.</summary>
    public int PositionsLength { get; init; }

    /// <summary>Routed experts of a layer.</summary>
    public int Experts { get; init; }

    /// <summary>Routed experts that a token visits.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>Inner width of an expert.</summary>
    public int ExpertFeedForward { get; init; }

    /// <summary>Inner width of all shared experts of a layer together.</summary>
    public int SharedFeedForward { get; init; }

    /// <summary>Tokens that an expert takes at most, over its even share; null where none is dropped.</summary>
    public double? CapacityFactor { get; init; }

    /// <summary>Rank of the queries' latent; 0 where queries are projected directly.</summary>
    public int QueryRank { get; init; }

    /// <summary>Rank of the keys' and values' latent.</summary>
    public int KeyValueRank { get; init; }

    /// <summary>Width of the rotary part of a query or key.</summary>
    public int RopeHeadDimension { get; init; }

    /// <summary>Width of a value head.</summary>
    public int ValueHeadDimension { get; init; }

    /// <summary>Tokens of a window; 0 where all layers attend to the whole sequence.</summary>
    public int Window { get; init; }

    /// <summary>Modules of multi-token prediction.</summary>
    public int PredictionLayers { get; init; }

    /// <summary>The whole numbers of a model.</summary>
    public static Architecture Of(Transformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new()
        {
            Traits = model.Traits,
            Layers = Whole(model.Layers),
            Hidden = Whole(model.Hidden),
            FeedForward = Whole(model.FeedForward),
            Heads = Whole(model.Heads),
            KeyValueHeads = Whole(model.KeyValueHeads),
            HeadDimension = Whole(model.HeadDimension),
            Vocabulary = Whole(model.Vocabulary),
            PositionsLength = Whole(model.Positions),
            Experts = Whole(model.Experts?.Count),
            ExpertsPerToken = Whole(model.Experts?.PerToken),
            ExpertFeedForward = Whole(model.Experts?.FeedForward),
            SharedFeedForward = Whole(model.Experts?.SharedFeedForward),
            CapacityFactor = model.Experts?.CapacityFactor?.Value,
            QueryRank = Whole(model.Latent?.QueryRank),
            KeyValueRank = Whole(model.Latent?.KeyValueRank),
            RopeHeadDimension = Whole(model.Latent?.RopeHeadDimension),
            ValueHeadDimension = Whole(model.Latent?.ValueHeadDimension),
            Window = Whole(model.Window),
            PredictionLayers = Whole(model.PredictionLayers),
        };
    }

    /// <summary>The model, each number with its name and source.</summary>
    /// <param name="id">The id of the model.</param>
    /// <param name="name">The name that people use.</param>
    /// <param name="figure">Makes the figure of a field, named as in a scenario's inline model.</param>
    public Transformer ToTransformer(string id, string name, Func<string, double, Figure> figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return new()
        {
            Id = id,
            Name = name,
            Traits = Traits,
            Layers = figure(ArchitectureFields.Layers, Layers),
            Hidden = figure(ArchitectureFields.Hidden, Hidden),
            FeedForward = figure(ArchitectureFields.FeedForward, FeedForward),
            Heads = figure(ArchitectureFields.Heads, Heads),
            KeyValueHeads = figure(ArchitectureFields.KeyValueHeads, KeyValueHeads),
            HeadDimension = figure(ArchitectureFields.HeadDimension, HeadDimension),
            Vocabulary = figure(ArchitectureFields.Vocabulary, Vocabulary),
            Positions = figure(ArchitectureFields.PositionsLength, PositionsLength),
            Experts = Traits.Mixture is null ? null : new(
                figure(ArchitectureFields.Experts, Experts),
                figure(ArchitectureFields.ExpertsPerToken, ExpertsPerToken),
                figure(ArchitectureFields.ExpertFeedForward, ExpertFeedForward),
                Optional(ArchitectureFields.SharedFeedForward, SharedFeedForward),
                CapacityFactor is { } factor ? figure(ArchitectureFields.CapacityFactor, factor) : null),
            Latent = Traits.Attention == AttentionKind.Grouped ? null : new(
                Optional(ArchitectureFields.QueryRank, QueryRank),
                figure(ArchitectureFields.KeyValueRank, KeyValueRank),
                figure(ArchitectureFields.RopeHeadDimension, RopeHeadDimension),
                figure(ArchitectureFields.ValueHeadDimension, ValueHeadDimension)),
            Window = Traits.Window is null ? null : figure(ArchitectureFields.Window, Window),
            PredictionLayers = Optional(ArchitectureFields.PredictionLayers, PredictionLayers),
        };

        Figure? Optional(string field, int value) => value == 0 ? null : figure(field, value);
    }

    /// <summary>What contradicts itself: the field and what is wrong with it, to follow its value.</summary>
    /// <param name="nameOf">The name of a field in the text that the architecture was read from.</param>
    public IEnumerable<(string Field, string Message)> Contradictions(Func<string, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return Check();

        IEnumerable<(string Field, string Message)> Check()
        {
            if (Traits.Attention == AttentionKind.Grouped && Heads % KeyValueHeads != 0)
            {
                yield return (
                    ArchitectureFields.KeyValueHeads,
                    $"does not divide {nameOf(ArchitectureFields.Heads)}, {Heads}; allowed: a divisor of it");
            }

            foreach ((string, string) problem in MixtureProblems(nameOf))
            {
                yield return problem;
            }

            if (Traits.Window is { FullInterval: > 0 } window && window.FullPhase >= window.FullInterval)
            {
                yield return (
                    ArchitectureFields.WindowFullPhase,
                    $"is not below {nameOf(ArchitectureFields.WindowFullInterval)}, {window.FullInterval}; allowed: 0 to {window.FullInterval - 1}");
            }
        }
    }

    private IEnumerable<(string Field, string Message)> MixtureProblems(Func<string, string> nameOf)
    {
        if (Traits.Mixture is not { } mixture)
        {
            yield break;
        }

        if (ExpertsPerToken > Experts)
        {
            yield return (
                ArchitectureFields.ExpertsPerToken,
                $"is more than {nameOf(ArchitectureFields.Experts)}, {Experts}; allowed: at most that");
        }

        if (mixture.LayerPhase >= mixture.LayerInterval)
        {
            yield return (
                ArchitectureFields.ExpertLayerPhase,
                $"is not below {nameOf(ArchitectureFields.ExpertLayerInterval)}, {mixture.LayerInterval}; allowed: 0 to {mixture.LayerInterval - 1}");
        }
        else if (mixture.Count(Layers) == 0)
        {
            yield return (ArchitectureFields.Experts, $"but none of the {Layers} layers has experts; allowed: a pattern that gives some");
        }
        else if (mixture.Count(Layers) < Layers && FeedForward == 0)
        {
            yield return (ArchitectureFields.FeedForward, "is missing, and some layers are dense; allowed: their inner width");
        }

        if (mixture.RoutingGroups > 0 && Experts % mixture.RoutingGroups != 0)
        {
            yield return (
                ArchitectureFields.RoutingGroups,
                $"does not divide {nameOf(ArchitectureFields.Experts)}, {Experts}; allowed: a divisor of it");
        }

        if (mixture.RoutingGroupLimit > 0 && mixture.RoutingGroupLimit > mixture.RoutingGroups)
        {
            yield return (
                ArchitectureFields.RoutingGroupLimit,
                $"is more than {nameOf(ArchitectureFields.RoutingGroups)}, {mixture.RoutingGroups}; allowed: at most that");
        }
        else if (mixture.RoutingGroupLimit > 0
            && ExpertsPerToken <= Experts
            && (long)mixture.RoutingGroupLimit * (Experts / mixture.RoutingGroups) < ExpertsPerToken)
        {
            yield return (
                ArchitectureFields.RoutingGroupLimit,
                $"leaves fewer experts than {nameOf(ArchitectureFields.ExpertsPerToken)}, {ExpertsPerToken}; allowed: more groups");
        }
    }

    private static int Whole(Figure figure) => (int)figure.Value;

    private static int Whole(Figure? figure) => figure is { } given ? (int)given.Value : 0;
}
