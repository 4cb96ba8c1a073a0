using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Times of the matrix products of one block of a layer in one direction.</summary>
/// <remarks>Backward, the time of one of the two products of each weight: of its own gradient, or of its input's.</remarks>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Into">Products into the block, split by columns.</param>
/// <param name="Out">The product out of it, split by rows.</param>
internal readonly record struct BlockProducts<T>(Seconds<T> Into, Seconds<T> Out)
    where T : struct, IReal<T>
{
    /// <summary>Both.</summary>
    public Seconds<T> Total => Into + Out;

    /// <summary>Projections to queries, keys and values, and of the result of attention.</summary>
    public static BlockProducts<T> Attention(LayerInputs<T> layer, GemmInputs<T> gemm, bool backward)
    {
        TransformerShape<T> model = layer.Model;
        if (model.HasLatentAttention)
        {
            return Latent(layer, gemm, backward);
        }

        T gate = model.Traits.AttentionGate ? layer.ContextWidth : T.Literal(0);
        return new(
            Product(layer.Tokens, layer.QueryWidth + layer.KeyWidth + layer.ValueWidth + gate, model.Hidden, gemm, backward),
            Product(layer.Tokens, model.Hidden, layer.ContextWidth, gemm, backward));
    }

    /// <summary>Projections of a feed-forward block of a width.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="width">Inner width on a rank.</param>
    /// <param name="gemm">Matrix products.</param>
    /// <param name="backward">Whether backward.</param>
    public static BlockProducts<T> FeedForward(LayerInputs<T> layer, T width, GemmInputs<T> gemm, bool backward) => new(
        Product(layer.Tokens, layer.Model.Gates * width, layer.Model.Hidden, gemm, backward),
        Product(layer.Tokens, layer.Model.Hidden, width, gemm, backward));

    /// <summary>The projections up from the latents alone, which may be computed again.</summary>
    public static Seconds<T> LatentUp(LayerInputs<T> layer, GemmInputs<T> gemm)
    {
        TransformerShape<T> model = layer.Model;
        T keyAndValue = (model.Heads / layer.Tensor * model.HeadDimension) + layer.ValueWidth;
        Seconds<T> up = Product(layer.Tokens, keyAndValue, model.KeyValueRank, gemm, backward: false);
        return model.HasQueryLatent
            ? up + Product(layer.Tokens, layer.QueryWidth, model.QueryRank, gemm, backward: false)
            : up;
    }

    // Projections into the latents are held by every tensor-parallel rank and run on its part of the tokens.
    private static BlockProducts<T> Latent(LayerInputs<T> layer, GemmInputs<T> gemm, bool backward)
    {
        TransformerShape<T> model = layer.Model;
        T own = layer.Tokens / layer.ResidualRanks;
        Seconds<T> query = model.HasQueryLatent
            ? Product(own, model.QueryRank, model.Hidden, gemm, backward)
                + Product(layer.Tokens, layer.QueryWidth, model.QueryRank, gemm, backward)
            : Product(layer.Tokens, layer.QueryWidth, model.Hidden, gemm, backward);
        T keyAndValue = (model.Heads / layer.Tensor * model.HeadDimension) + layer.ValueWidth;
        Seconds<T> into = query
            + Product(own, model.KeyValueRank + model.RopeHeadDimension, model.Hidden, gemm, backward)
            + Product(layer.Tokens, keyAndValue, model.KeyValueRank, gemm, backward);
        return new(into, Product(layer.Tokens, model.Hidden, layer.ContextWidth, gemm, backward));
    }

    private static Seconds<T> Product(T m, T n, T k, GemmInputs<T> gemm, bool backward) => backward
        ? Gemm.Backward(m, n, k, T.Literal(1), gemm)
        : Gemm.Forward(m, n, k, T.Literal(1), gemm);
}
