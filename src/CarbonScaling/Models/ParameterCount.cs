using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>Parameters of a dense transformer, by part.</summary>
public static class ParameterCount
{
    /// <summary>Weights of the matrix products of one layer, which tensor parallelism splits.</summary>
    /// <remarks>Eq. PARAM-1: h·a·d + 2h·g·d + a·d·h + n·h·f, n = 3 with a gate, else 2.</remarks>
    public static T LayerMatrices<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T attention = shape.Hidden * ((T.Literal(2) * shape.QueryWidth) + (T.Literal(2) * shape.KeyWidth));
        T feedForward = (shape.Gates + T.Literal(1)) * shape.Hidden * shape.FeedForward;
        return T.Name(attention + feedForward, Equations.LayerMatrices);
    }

    /// <summary>Norms and biases of one layer, which every tensor-parallel rank holds (biases are a negligible part).</summary>
    /// <remarks>Eq. PARAM-2: norms 2h, 4h with LayerNorm; biases (a+2g)d + h + n'f + h.</remarks>
    public static T LayerVectors<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T norms = T.Literal(2) * Norm(shape);
        T queryKeyValue = shape.QueryWidth + (T.Literal(2) * shape.KeyWidth);
        T biases = shape.Traits.Biases switch
        {
            Biases.All => queryKeyValue + (shape.Gates * shape.FeedForward) + (T.Literal(2) * shape.Hidden),
            Biases.QueryKeyValue => queryKeyValue,
            _ => T.Literal(0),
        };
        return T.Name(norms + biases, Equations.LayerVectors);
    }

    /// <summary>Embedding of the first stage: tokens, learned positions and its norm.</summary>
    /// <remarks>Eq. PARAM-3: V·h + positions·h.</remarks>
    public static T Embedding<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T rows = (shape.Vocabulary + shape.Positions) * shape.Hidden;
        return T.Name(shape.Traits.EmbeddingNorm ? rows + Norm(shape) : rows, Equations.EmbeddingParameters);
    }

    /// <summary>Weights of the output head, whether or not they are shared with the embedding.</summary>
    public static T Head<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => shape.Vocabulary * shape.Hidden;

    /// <summary>All parameters of the model; a tied head counts once.</summary>
    /// <remarks>Eq. PARAM-4: L·(matrices + vectors) + embedding + head + final norm.</remarks>
    public static T Total<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T total = (shape.Layers * (LayerMatrices(shape) + LayerVectors(shape))) + Embedding(shape) + Norm(shape);
        return T.Name(shape.Traits.TiedEmbeddings ? total : total + Head(shape), Equations.TotalParameters);
    }

    private static T Norm<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        shape.Traits.Normalisation == Normalisation.LayerNorm ? T.Literal(2) * shape.Hidden : shape.Hidden;
}
