using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Times of the four matrix products of a layer in one direction.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="QueryKeyValue">Projection to queries, keys and values (split by columns).</param>
/// <param name="AttentionOutput">Projection of the attention's result (split by rows).</param>
/// <param name="FeedForwardIn">Projection into the feed-forward block (split by columns).</param>
/// <param name="FeedForwardOut">Projection out of it (split by rows).</param>
public readonly record struct LayerProducts<T>(
    Seconds<T> QueryKeyValue,
    Seconds<T> AttentionOutput,
    Seconds<T> FeedForwardIn,
    Seconds<T> FeedForwardOut)
    where T : struct, IReal<T>
{
    /// <summary>All four.</summary>
    public Seconds<T> Total => QueryKeyValue + AttentionOutput + FeedForwardIn + FeedForwardOut;

    internal static LayerProducts<T> Forward(LayerInputs<T> layer, GemmInputs<T> gemm)
    {
        T one = T.Literal(1);
        T hidden = layer.Model.Hidden;
        return new(
            Gemm.Forward(layer.Tokens, layer.QueryWidth + (T.Literal(2) * layer.KeyWidth), hidden, one, gemm),
            Gemm.Forward(layer.Tokens, hidden, layer.QueryWidth, one, gemm),
            Gemm.Forward(layer.Tokens, layer.Model.Gates * layer.FeedForward, hidden, one, gemm),
            Gemm.Forward(layer.Tokens, hidden, layer.FeedForward, one, gemm));
    }

    // The gradients of the input and of the weights have the same FLOPs and operands, so one time stands for both.
    internal static LayerProducts<T> Backward(LayerInputs<T> layer, GemmInputs<T> gemm)
    {
        T one = T.Literal(1);
        T hidden = layer.Model.Hidden;
        return new(
            Gemm.Backward(layer.Tokens, layer.QueryWidth + (T.Literal(2) * layer.KeyWidth), hidden, one, gemm),
            Gemm.Backward(layer.Tokens, hidden, layer.QueryWidth, one, gemm),
            Gemm.Backward(layer.Tokens, layer.Model.Gates * layer.FeedForward, hidden, one, gemm),
            Gemm.Backward(layer.Tokens, hidden, layer.FeedForward, one, gemm));
    }
}
