using CarbonScaling.Models;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Units;

namespace CarbonScaling.Scenarios;

/// <summary>Reads an architecture that is given in the scenario itself.</summary>
internal static class ArchitectureReader
{
    private static readonly string[] LatentFields =
        [ArchitectureFields.QueryRank, ArchitectureFields.RopeHeadDimension, ArchitectureFields.ValueHeadDimension];

    private static readonly string[] WindowFields = ["windowKind", ArchitectureFields.WindowFullInterval, ArchitectureFields.WindowFullPhase];

    private static readonly string[] ExpertFields =
    [
        ArchitectureFields.ExpertsPerToken, ArchitectureFields.ExpertFeedForward, ArchitectureFields.SharedFeedForward,
        ArchitectureFields.LeadingDenseLayers, ArchitectureFields.ExpertLayerInterval, ArchitectureFields.ExpertLayerPhase,
        ArchitectureFields.CapacityFactor, ArchitectureFields.RoutingGroups, ArchitectureFields.RoutingGroupLimit, "routerBias",
        "sharedExpertGate",
    ];

    public static Architecture Read(FieldMap map)
    {
        Architecture model = Dense(map);
        model = Latent(model, map);
        model = Window(model, map);
        model = Experts(model, map);
        if (map.Close())
        {
            foreach ((string field, string message) in model.Contradictions(static field => field))
            {
                map.Report(field, message);
            }
        }

        return model;
    }

    private static Architecture Dense(FieldMap map)
    {
        int? layers = map.RequiredWhole(ArchitectureFields.Layers, 1, ArchitectureLimits.Layers);
        int? hidden = map.RequiredWhole(ArchitectureFields.Hidden, 1, ArchitectureLimits.Width);
        int? heads = map.RequiredWhole(ArchitectureFields.Heads, 1, ArchitectureLimits.Heads);
        bool latent = map.Has(ArchitectureFields.KeyValueRank);
        if (!map.Has(ArchitectureFields.HeadDimension) && (latent || hidden % heads is > 0))
        {
            string why = latent ? "latent attention needs it" : $"hidden, {hidden}, is not a multiple of heads, {heads}";
            map.Report(ArchitectureFields.HeadDimension, $"is missing, and {why}; allowed: a whole number");
        }

        // Where every layer has experts there is no other feed-forward block.
        if (!map.Has(ArchitectureFields.Experts))
        {
            map.Require(ArchitectureFields.FeedForward);
        }

        PositionEncoding positions = map.Choice("positions", Vocabulary.Positions) ?? PositionEncoding.Rotary;
        return new()
        {
            Traits = new()
            {
                Activation = map.Choice("activation", Vocabulary.Activations) ?? Activation.SwiGlu,
                Normalisation = map.Choice("normalisation", Vocabulary.Normalisations) ?? Normalisation.RmsNorm,
                Biases = map.Choice("biases", Vocabulary.Biases) ?? Biases.None,
                Positions = positions,
                TiedEmbeddings = map.Flag("tiedEmbeddings") ?? false,
                EmbeddingNorm = map.Flag("embeddingNorm") ?? false,
                NormsPerLayer = map.Whole("normsPerLayer", 1, 4) ?? 2,
                ParallelBlocks = map.Flag("parallelBlocks") ?? false,
                QueryKeyNorm = map.Choice("queryKeyNorm", Vocabulary.QueryKeyNorms) ?? QueryKeyNorm.None,
                AttentionSinks = map.Flag("attentionSinks") ?? false,
                AttentionGate = map.Flag("attentionGate") ?? false,
            },
            Layers = layers ?? 1,
            Hidden = hidden ?? 1,
            FeedForward = map.Whole(ArchitectureFields.FeedForward, 1, ArchitectureLimits.Width) ?? 0,
            Heads = heads ?? 1,
            KeyValueHeads = map.Whole(ArchitectureFields.KeyValueHeads, 1, ArchitectureLimits.Heads) ?? heads ?? 1,
            HeadDimension = map.Whole(ArchitectureFields.HeadDimension, 1, ArchitectureLimits.Heads)
                ?? Math.Clamp((hidden / heads) ?? 1, 1, ArchitectureLimits.Heads),
            Vocabulary = map.RequiredWhole(ArchitectureFields.Vocabulary, 1, ArchitectureLimits.Vocabulary) ?? 1,
            PositionsLength = PositionsLength(map, positions == PositionEncoding.Learned),
            PredictionLayers = map.Whole(ArchitectureFields.PredictionLayers, 0, ArchitectureLimits.PredictionLayers) ?? 0,
        };
    }

    private static int PositionsLength(FieldMap map, bool learned)
    {
        int? rows = map.Whole(ArchitectureFields.PositionsLength, 1, ArchitectureLimits.Sequence);
        if (learned && !map.Has(ArchitectureFields.PositionsLength))
        {
            map.Report(ArchitectureFields.PositionsLength, "is missing; learned positions need their number of rows");
        }
        else if (!learned)
        {
            OnlyWith(map, "positions: learned", ArchitectureFields.PositionsLength);
        }

        return learned ? rows ?? 1 : 0;
    }

    private static Architecture Latent(Architecture model, FieldMap map)
    {
        int? rank = map.Whole(ArchitectureFields.KeyValueRank, 1, ArchitectureLimits.Width);
        int? query = map.Whole(ArchitectureFields.QueryRank, 0, ArchitectureLimits.Width);
        int? rope = map.Whole(ArchitectureFields.RopeHeadDimension, 1, ArchitectureLimits.Heads);
        int? value = map.Whole(ArchitectureFields.ValueHeadDimension, 1, ArchitectureLimits.Heads);
        if (!map.Has(ArchitectureFields.KeyValueRank))
        {
            OnlyWith(map, ArchitectureFields.KeyValueRank, LatentFields);
            return model;
        }

        map.Require(ArchitectureFields.RopeHeadDimension);
        if (map.Has(ArchitectureFields.KeyValueHeads) && model.KeyValueHeads != model.Heads)
        {
            map.Report(ArchitectureFields.KeyValueHeads, "has no meaning with latent attention; allowed: as many as heads");
        }

        return model with
        {
            KeyValueHeads = model.Heads,
            QueryRank = query ?? 0,
            KeyValueRank = rank ?? 1,
            RopeHeadDimension = rope ?? 1,
            ValueHeadDimension = value ?? model.HeadDimension,
            Traits = model.Traits with { Attention = AttentionKind.Latent },
        };
    }

    private static Architecture Window(Architecture model, FieldMap map)
    {
        int? window = map.Whole(ArchitectureFields.Window, 1, ArchitectureLimits.Sequence);
        WindowKind? kind = map.Choice("windowKind", Vocabulary.WindowKinds);
        int interval = map.Whole(ArchitectureFields.WindowFullInterval, 0, ArchitectureLimits.Layers) ?? 0;
        int? phase = map.Whole(ArchitectureFields.WindowFullPhase, 0, ArchitectureLimits.Layers);
        if (window is not { } tokens)
        {
            if (!map.Has(ArchitectureFields.Window))
            {
                OnlyWith(map, ArchitectureFields.Window, WindowFields);
            }

            return model;
        }

        WindowTraits traits = new(kind ?? WindowKind.Sliding, interval, phase ?? Math.Max(0, interval - 1));
        return model with { Window = tokens, Traits = model.Traits with { Window = traits } };
    }

    private static Architecture Experts(Architecture model, FieldMap map)
    {
        int? experts = map.Whole(ArchitectureFields.Experts, 1, ArchitectureLimits.Experts);
        int? perToken = map.Whole(ArchitectureFields.ExpertsPerToken, 1, ArchitectureLimits.Experts);
        int? width = map.Whole(ArchitectureFields.ExpertFeedForward, 1, ArchitectureLimits.Width);
        int? shared = map.Whole(ArchitectureFields.SharedFeedForward, 0, ArchitectureLimits.Width);
        int interval = map.Whole(ArchitectureFields.ExpertLayerInterval, 1, ArchitectureLimits.Layers) ?? 1;
        MixtureTraits mixture = new()
        {
            LeadingDenseLayers = map.Whole(ArchitectureFields.LeadingDenseLayers, 0, ArchitectureLimits.Layers) ?? 0,
            LayerInterval = interval,
            LayerPhase = map.Whole(ArchitectureFields.ExpertLayerPhase, 0, ArchitectureLimits.Layers) ?? interval - 1,
            RoutingGroups = map.Whole(ArchitectureFields.RoutingGroups, 0, ArchitectureLimits.Experts) ?? 0,
            RoutingGroupLimit = map.Whole(ArchitectureFields.RoutingGroupLimit, 0, ArchitectureLimits.Experts) ?? 0,
            RouterBias = map.Flag("routerBias") ?? false,
            SharedExpertGate = map.Flag("sharedExpertGate") ?? false,
        };
        double? capacity = map.Quantity(
            ArchitectureFields.CapacityFactor, Dimension.None, "", new Interval(0.01, ArchitectureLimits.CapacityFactor));
        if (!map.Has(ArchitectureFields.Experts))
        {
            OnlyWith(map, ArchitectureFields.Experts, ExpertFields);
            return model;
        }

        map.Require(ArchitectureFields.ExpertsPerToken);
        map.Require(ArchitectureFields.ExpertFeedForward);
        return model with
        {
            Experts = experts ?? 1,
            ExpertsPerToken = perToken ?? 1,
            ExpertFeedForward = width ?? 1,
            SharedFeedForward = shared ?? 0,
            CapacityFactor = capacity,
            Traits = model.Traits with { Mixture = mixture },
        };
    }

    private static void OnlyWith(FieldMap map, string needed, params string[] fields)
    {
        foreach (string field in fields.Where(map.Has))
        {
            map.Report(field, $"has no meaning here; allowed: only with {needed}");
        }
    }
}
