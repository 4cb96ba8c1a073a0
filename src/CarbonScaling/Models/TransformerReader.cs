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
        CatalogEntry entry = catalog.Find("models", id);
        return new()
        {
            Id = entry.Id,
            Name = entry.Name,
            Traits = new()
            {
                Activation = entry.Attribute("activation") == "swiglu" ? Activation.SwiGlu : Activation.Gelu,
                Normalisation = entry.Attribute("normalisation") == "rmsnorm" ? Normalisation.RmsNorm : Normalisation.LayerNorm,
                Biases = entry.Attribute("biases") switch { "all" => Biases.All, "qkv" => Biases.QueryKeyValue, _ => Biases.None },
                TiedEmbeddings = IsTrue(entry, "tiedEmbeddings"),
                EmbeddingNorm = IsTrue(entry, "embeddingNorm"),
            },
            Layers = entry.Figure("layers", Dimension.None),
            Hidden = entry.Figure("hidden", Dimension.None),
            FeedForward = entry.Figure("feedForward", Dimension.None),
            Heads = entry.Figure("heads", Dimension.None),
            KeyValueHeads = entry.Figure("keyValueHeads", Dimension.None),
            HeadDimension = entry.Figure("headDimension", Dimension.None),
            Vocabulary = entry.Figure("vocabulary", Dimension.None),
            Positions = entry.OptionalFigure("positionsLength", Dimension.None)
                ?? new($"{entry.Id}.positionsLength", 0, "1", entry.Figure("layers").Source, FigureStatus.Computed),
            SequenceLength = entry.OptionalFigure("sequenceLength", Dimension.None),
            PublishedParameters = entry.OptionalFigure("publishedParameters", Dimension.None),
        };
    }

    private static bool IsTrue(CatalogEntry entry, string name) =>
        entry.TryAttribute(name, out string? value) && value == "true";
}
