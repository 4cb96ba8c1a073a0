using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>Reads models from the catalog.</summary>
public static class TransformerReader
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="CatalogException">There is no such model, or its entry is incomplete.</exception>
    public static Transformer Read(Catalog catalog, string id)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        CatalogEntry entry = catalog.Find(CatalogKinds.Models, id);
        Figure? experts = Optional(entry, ArchitectureFields.Experts);
        Figure? keyValueRank = Optional(entry, ArchitectureFields.KeyValueRank);
        Figure? window = Optional(entry, ArchitectureFields.Window);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Traits = Traits(entry) with
            {
                Attention = keyValueRank is null ? AttentionKind.Grouped : AttentionKind.Latent,
                Window = window is null ? null : Window(entry),
                Mixture = experts is null ? null : Mixture(entry),
            },
            Layers = Required(entry, ArchitectureFields.Layers),
            Hidden = Required(entry, ArchitectureFields.Hidden),
            FeedForward = experts is null
                ? Required(entry, ArchitectureFields.FeedForward)
                : Optional(entry, ArchitectureFields.FeedForward) ?? None(entry, ArchitectureFields.FeedForward),
            Heads = Required(entry, ArchitectureFields.Heads),
            KeyValueHeads = Required(entry, ArchitectureFields.KeyValueHeads),
            HeadDimension = Required(entry, ArchitectureFields.HeadDimension),
            Vocabulary = Required(entry, ArchitectureFields.Vocabulary),
            Positions = Optional(entry, ArchitectureFields.PositionsLength) ?? None(entry, ArchitectureFields.PositionsLength),
            Experts = experts is not { } count ? null : new(
                count,
                Required(entry, ArchitectureFields.ExpertsPerToken),
                Required(entry, ArchitectureFields.ExpertFeedForward),
                Optional(entry, ArchitectureFields.SharedFeedForward),
                Optional(entry, ArchitectureFields.CapacityFactor)),
            Latent = keyValueRank is not { } rank ? null : new(
                Optional(entry, ArchitectureFields.QueryRank),
                rank,
                Required(entry, ArchitectureFields.RopeHeadDimension),
                Required(entry, ArchitectureFields.ValueHeadDimension)),
            Window = window,
            PredictionLayers = Optional(entry, ArchitectureFields.PredictionLayers),
            SequenceLength = Optional(entry, ArchitectureFields.SequenceLength),
            PublishedParameters = Optional(entry, "publishedParameters"),
            PublishedActiveParameters = Optional(entry, "publishedActiveParameters"),
        };
    }

    private static TransformerTraits Traits(CatalogEntry entry) => new()
    {
        Activation = Word(entry, "activation", ArchitectureWords.Activations, Activation.SwiGlu),
        Normalisation = Word(entry, "normalisation", ArchitectureWords.Normalisations, Normalisation.RmsNorm),
        Biases = Word(entry, "biases", ArchitectureWords.Biases, Biases.None),
        Positions = Word(entry, "positions", ArchitectureWords.Positions, PositionEncoding.Rotary),
        TiedEmbeddings = IsTrue(entry, "tiedEmbeddings"),
        EmbeddingNorm = IsTrue(entry, "embeddingNorm"),
        NormsPerLayer = Count(entry, "normsPerLayer", 2),
        ParallelBlocks = IsTrue(entry, "parallelBlocks"),
        QueryKeyNorm = Word(entry, "queryKeyNorm", ArchitectureWords.QueryKeyNorms, QueryKeyNorm.None),
        AttentionSinks = IsTrue(entry, "attentionSinks"),
        AttentionGate = IsTrue(entry, "attentionGate"),
    };

    private static MixtureTraits Mixture(CatalogEntry entry)
    {
        int interval = Count(entry, ArchitectureFields.ExpertLayerInterval, 1);
        return new()
        {
            LeadingDenseLayers = Count(entry, ArchitectureFields.LeadingDenseLayers, 0),
            LayerInterval = interval,
            LayerPhase = Count(entry, ArchitectureFields.ExpertLayerPhase, interval - 1),
            RoutingGroups = Count(entry, ArchitectureFields.RoutingGroups, 0),
            RoutingGroupLimit = Count(entry, ArchitectureFields.RoutingGroupLimit, 0),
            RouterBias = IsTrue(entry, "routerBias"),
            SharedExpertGate = IsTrue(entry, "sharedExpertGate"),
        };
    }

    private static WindowTraits Window(CatalogEntry entry)
    {
        int interval = Count(entry, ArchitectureFields.WindowFullInterval, 0);
        return new(
            Word(entry, "windowKind", ArchitectureWords.WindowKinds, WindowKind.Sliding),
            interval,
            Count(entry, ArchitectureFields.WindowFullPhase, Math.Max(0, interval - 1)));
    }

    private static Figure Required(CatalogEntry entry, string name) => entry.Figure(name, Dimension.None);

    private static Figure? Optional(CatalogEntry entry, string name) => entry.OptionalFigure(name, Dimension.None);

    // What an entry need not say because there is none of it.
    private static Figure None(CatalogEntry entry, string name) =>
        Required(entry, ArchitectureFields.Layers) with { Name = $"{entry.Id}.{name}", Value = 0, Status = FigureStatus.Computed };

    private static int Count(CatalogEntry entry, string name, int otherwise) => (int)(Optional(entry, name)?.Value ?? otherwise);

    private static bool IsTrue(CatalogEntry entry, string name) =>
        entry.TryAttribute(name, out string? value) && value == "true";

    private static T Word<T>(CatalogEntry entry, string name, (string Word, T Value)[] words, T otherwise)
    {
        if (!entry.TryAttribute(name, out string? text))
        {
            return otherwise;
        }

        foreach ((string word, T value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        throw new CatalogException($"{entry}: {name} is '{text}'; allowed: {string.Join(", ", words.Select(static known => known.Word))}");
    }
}
