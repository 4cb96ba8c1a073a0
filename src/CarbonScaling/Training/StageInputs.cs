using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Weights that a device holds, by kind of stage.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">One layer.</param>
/// <param name="Embedding">The embedding of the first stage.</param>
/// <param name="Head">The head of the last stage.</param>
/// <param name="Tied">Whether head and embedding share their weights.</param>
public sealed record RankParameters<T>(T Layer, T Embedding, T Head, bool Tied)
    where T : struct, IReal<T>
{
    /// <summary>The share of a tensor-parallel rank.</summary>
    /// <remarks>
    /// Eq. PARAM-5: matrices, token embedding and head by t; norms, biases and positions in full; with fewer key-value
    /// heads than ranks each rank holds a whole one.
    /// </remarks>
    public static RankParameters<T> Of(TransformerShape<T> shape, T tensor)
    {
        T ownHeads = shape.KeyValueHeads / tensor;
        T repeated = T.Max(ownHeads, T.Literal(1)) - ownHeads;
        T keyValue = T.Literal(2) * shape.Hidden * shape.HeadDimension * repeated;
        T layer = (ParameterCount.LayerMatrices(shape) / tensor) + keyValue + ParameterCount.LayerVectors(shape);
        T head = ParameterCount.Head(shape) / tensor;
        T embedding = head + (ParameterCount.Embedding(shape) - ParameterCount.Head(shape));
        return new(
            T.Name(layer, Equations.RankLayerParameters),
            T.Name(embedding, Equations.RankEmbeddingParameters),
            T.Name(head, Equations.RankHeadParameters),
            shape.Traits.TiedEmbeddings);
    }

    /// <summary>The most parameters that a stage holds.</summary>
    /// <remarks>
    /// Eq. PARAM-6. With one stage a tied head is the embedding itself; with several it is a copy on the last stage.
    /// </remarks>
    public T FullestStage(in PlanInputs<T> plan, in PlanShape shape)
    {
        T first = (plan.FirstLayers * Layer) + Embedding;
        if (!shape.Pipelined)
        {
            return T.Name(Tied ? first : first + Head, Equations.StageParameters);
        }

        T last = (plan.LastLayers * Layer) + Head;
        return T.Name(T.Max(T.Max(first, last), plan.MiddleLayers * Layer), Equations.StageParameters);
    }
}
