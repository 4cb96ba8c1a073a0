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

    /// <summary>Share by which the parameters of a shape may miss those wanted.</summary>
    private const double Tolerance = 0.05;

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
    /// <remarks>
    /// Heads come one by one up to 12 and then in multiples of 8, so that tensor parallelism within a node can split them.
    /// The layers make up for the width: of the shapes within 5 % of the parameters wanted, the one whose width over depth
    /// is nearest to that of the law; where there is none, the nearest in parameters.
    /// </remarks>
    /// <param name="parameters">Parameters wanted.</param>
    public Transformer Model(double parameters)
    {
        (double layers, double hidden) = Rule(parameters);
        double aspect = hidden / layers;
        return HeadCounts(hidden / HeadDimension.Value)
            .Select(heads => Decoder(EvenLayers(heads, parameters), heads))
            .MinBy(model => (
                Math.Max(0, Math.Abs((model.ParameterCount / parameters) - 1) - Tolerance),
                Math.Abs(Math.Log(model.Hidden.Value / model.Layers.Value / aspect))))!;
    }

    private static IEnumerable<double> HeadCounts(double wanted)
    {
        const double Few = 12, Step = 8;
        double least = Math.Max(1, Math.Floor(wanted / 2));
        double most = Math.Max(Few, wanted * 2);
        for (double heads = least; heads <= Few; heads++)
        {
            yield return heads;
        }

        for (double heads = Step * Math.Max(2, Math.Ceiling(least / Step)); heads <= most; heads += Step)
        {
            yield return heads;
        }
    }

    // Layers and width of the law, neither of them whole. It counts parameters without those of the embedding.
    private (double Layers, double Hidden) Rule(double parameters)
    {
        (double low, double high) = (0, Math.Max(1, parameters));
        for (int halving = 0; halving < 100; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = middle + (Vocabulary * Shape(middle).Hidden) > parameters ? (low, middle) : (middle, high);
        }

        return Shape(high);

        (double Layers, double Hidden) Shape(double inLayers)
        {
            double layers = Layers.Value * Math.Pow(inLayers, LayersExponent.Value);
            return (layers, Math.Sqrt(inLayers / (BlockFactor.Value * layers)));
        }
    }

    private double EvenLayers(double heads, double parameters)
    {
        double two = Decoder(2, heads).ParameterCount;
        double each = (Decoder(4, heads).ParameterCount - two) / 2;
        return Math.Max(2, 2 * Math.Round(1 + ((parameters - two) / each / 2)));
    }

    private Transformer Decoder(double layers, double heads)
    {
        double head = HeadDimension.Value;
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
