using CarbonScaling.Catalogs;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Laws;

/// <summary>A law of the shape of a dense decoder: its layers and width from its parameters.</summary>
/// <param name="Id">Catalog id.</param>
/// <param name="Layers">Layers = coefficient · N^exponent.</param>
/// <param name="LayersExponent">The exponent.</param>
/// <param name="BlockFactor">Parameters of a layer over the square of its width.</param>
/// <param name="FeedForwardRatio">Inner width of the feed-forward block over the width.</param>
/// <param name="HeadDimension">Width of a head.</param>
public sealed record ShapeLaw(
    string Id,
    Figure Layers,
    Figure LayersExponent,
    Figure BlockFactor,
    Figure FeedForwardRatio,
    Figure HeadDimension)
{
    /// <summary>The law taken for a model that a loss law asks for.</summary>
    public const string Default = "shape-deployed-2023";

    /// <summary>Rows of the embedding of a model made by the law: the padded vocabulary of GPT-2 and GPT-3.</summary>
    private const double Vocabulary = 51_200;

    /// <summary>Reads a law.</summary>
    /// <exception cref="CatalogException">There is no such law, or it is not a law of the shape.</exception>
    public static ShapeLaw Read(Catalog catalog, string id)
    {
        CatalogEntry entry = LawEntry.Find(catalog, id, "shape");
        return new(
            entry.Id,
            entry.Figure("layersCoefficient", Dimension.None),
            entry.Figure("layersExponent", Dimension.None),
            entry.Figure("blockFactor", Dimension.None),
            entry.Figure("feedForwardRatio", Dimension.None),
            entry.Figure("headDimension", Dimension.None));
    }

    /// <summary>A GPT-like decoder of about this many parameters, in whole even layers and whole heads.</summary>
    /// <param name="parameters">Parameters wanted.</param>
    public Transformer Model(double parameters)
    {
        double head = HeadDimension.Value;
        double layers = Math.Max(2, 2 * Math.Round(Layers.Value * Math.Pow(parameters, LayersExponent.Value) / 2));

        // blockFactor·L·h² + V·h = N with a tied head.
        double quadratic = BlockFactor.Value * layers;
        double width = (Math.Sqrt((Vocabulary * Vocabulary) + (4 * quadratic * parameters)) - Vocabulary) / (2 * quadratic);

        // Heads in multiples of 8, so that tensor parallelism within a node can split them.
        double step = width / head >= 12 ? 8 : 1;
        double heads = Math.Max(1, step * Math.Round(width / head / step));
        double hidden = heads * head;
        return new()
        {
            Id = "law",
            Name = $"dense decoder by {Id}",
            Traits = new()
            {
                Activation = Activation.Gelu,
                Normalisation = Normalisation.LayerNorm,
                Biases = Biases.All,
                TiedEmbeddings = true,
            },
            Layers = Of("layers", layers),
            Hidden = Of("hidden", hidden),
            FeedForward = Of("feedForward", FeedForwardRatio.Value * hidden),
            Heads = Of("heads", heads),
            KeyValueHeads = Of("keyValueHeads", heads),
            HeadDimension = Of("headDimension", head),
            Vocabulary = Of("vocabulary", Vocabulary),
            Positions = Of("positionsLength", 0),
        };
    }

    private Figure Of(string name, double value) => new($"{Id}.{name}", value, "1", Layers.Source, FigureStatus.Computed);
}
