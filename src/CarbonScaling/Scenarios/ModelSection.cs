using CarbonScaling.Models;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Scenarios;

/// <summary>The model of a scenario: a catalog id or an architecture, never both.</summary>
public sealed record ModelSection
{
    private const string Allowed = "a catalog id such as llama-3.1-405b, or an inline architecture";

    private ModelSection()
    {
    }

    /// <summary>The catalog id; null for an inline architecture.</summary>
    public string? Id { get; private init; }

    /// <summary>The inline architecture; null for a catalog id.</summary>
    public ArchitectureSection? Architecture { get; private init; }

    internal static ModelSection? Read(FieldMap scenario)
    {
        switch (scenario.Take("model"))
        {
            case null:
                return null;
            case MapNode:
                return new() { Architecture = ArchitectureSection.Read(scenario.Optional("model")) };
            case ScalarNode scalar when scalar.Text.EndsWith(".json", StringComparison.OrdinalIgnoreCase):
                scenario.Report(
                    "model",
                    "is a path: reading a Hugging Face config.json is not supported yet; give a catalog id or an inline architecture");
                return null;
            default:
                return scenario.CatalogId("model", Allowed) is { } id ? new() { Id = id } : null;
        }
    }
}

/// <summary>A dense decoder-only transformer given in the scenario itself.</summary>
public sealed record ArchitectureSection
{
    private const int Widest = 10_000_000;

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Inner width of the feed-forward block.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; as many as query heads when not given.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head; the width of the stream shared among the heads when not given.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Nonlinearity of the feed-forward block; SwiGLU when not given.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Normalisation of the blocks; RMSNorm when not given.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>How positions are encoded; rotary when not given.</summary>
    public required PositionEncoding Positions { get; init; }

    /// <summary>Rows of a learned position embedding; 0 for the other encodings.</summary>
    public required int PositionsLength { get; init; }

    /// <summary>Linear layers with a bias; none when not given.</summary>
    public required Biases Biases { get; init; }

    /// <summary>Whether the head shares the embedding's weights; false when not given.</summary>
    public required bool TiedEmbeddings { get; init; }

    internal static ArchitectureSection Read(FieldMap map)
    {
        int? layers = map.RequiredWhole("layers", 1, 100_000);
        int? hidden = map.RequiredWhole("hidden", 1, Widest);
        int? feedForward = map.RequiredWhole("feedForward", 1, Widest);
        int? heads = map.RequiredWhole("heads", 1, 1_000_000);
        int? keyValueHeads = map.Whole("keyValueHeads", 1, 1_000_000);
        int? headDimension = map.Whole("headDimension", 1, 1_000_000);
        int? vocabulary = map.RequiredWhole("vocabulary", 1, 100_000_000);
        PositionEncoding positions = map.Choice("positions", Reading.Vocabulary.Positions) ?? PositionEncoding.Rotary;
        int? positionsLength = map.Whole("positionsLength", 1, ScenarioLimits.Sequence);

        if (heads % keyValueHeads is > 0)
        {
            map.Report("keyValueHeads", $"does not divide the number of heads, {heads}; allowed: a divisor of it");
        }

        if (hidden % heads is > 0 && headDimension is null && !map.Has("headDimension"))
        {
            map.Report("headDimension", $"is missing, and hidden, {hidden}, is not a multiple of heads, {heads}; allowed: a whole number");
        }

        bool learned = positions == PositionEncoding.Learned;
        if (learned && !map.Has("positionsLength"))
        {
            map.Report("positionsLength", "is missing; learned positions need their number of rows");
        }
        else if (!learned && map.Has("positionsLength"))
        {
            map.Report("positionsLength", "has no meaning here; allowed: only with positions: learned");
        }

        var architecture = new ArchitectureSection
        {
            Layers = layers ?? 1,
            Hidden = hidden ?? 1,
            FeedForward = feedForward ?? 1,
            Heads = heads ?? 1,
            KeyValueHeads = keyValueHeads ?? heads ?? 1,
            HeadDimension = headDimension ?? hidden / heads ?? 1,
            Vocabulary = vocabulary ?? 1,
            Activation = map.Choice("activation", Reading.Vocabulary.Activations) ?? Activation.SwiGlu,
            Normalisation = map.Choice("normalisation", Reading.Vocabulary.Normalisations) ?? Normalisation.RmsNorm,
            Positions = positions,
            PositionsLength = positionsLength ?? 0,
            Biases = map.Choice("biases", Reading.Vocabulary.Biases) ?? Biases.None,
            TiedEmbeddings = map.Flag("tiedEmbeddings") ?? false,
        };
        map.Close();
        return architecture;
    }
}
