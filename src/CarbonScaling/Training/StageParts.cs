using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What a micro-batch passes on a device: how many layers, embeddings and heads.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layers">Layers beyond the leading ones.</param>
/// <param name="Leading">Leading dense layers.</param>
/// <param name="Embedding">Embeddings.</param>
/// <param name="Head">Heads.</param>
/// <param name="Again">Layers beyond the leading ones that are computed again.</param>
/// <param name="AgainLeading">Leading layers that are computed again.</param>
internal readonly record struct StageParts<T>(T Layers, T Leading, T Embedding, T Head, T Again, T AgainLeading)
    where T : struct, IReal<T>
{
    /// <summary>Adds part by part.</summary>
    public static StageParts<T> operator +(in StageParts<T> left, in StageParts<T> right) => new(
        left.Layers + right.Layers,
        left.Leading + right.Leading,
        left.Embedding + right.Embedding,
        left.Head + right.Head,
        left.Again + right.Again,
        left.AgainLeading + right.AgainLeading);

    /// <summary>Scales part by part.</summary>
    public static StageParts<T> operator *(in StageParts<T> parts, T factor) => new(
        parts.Layers * factor,
        parts.Leading * factor,
        parts.Embedding * factor,
        parts.Head * factor,
        parts.Again * factor,
        parts.AgainLeading * factor);

    /// <summary><paramref name="whenGreater"/> where left &gt; right, else <paramref name="otherwise"/>.</summary>
    public static StageParts<T> Where(T left, T right, in StageParts<T> whenGreater, in StageParts<T> otherwise) => new(
        T.WhereGreater(left, right, whenGreater.Layers, otherwise.Layers),
        T.WhereGreater(left, right, whenGreater.Leading, otherwise.Leading),
        T.WhereGreater(left, right, whenGreater.Embedding, otherwise.Embedding),
        T.WhereGreater(left, right, whenGreater.Head, otherwise.Head),
        T.WhereGreater(left, right, whenGreater.Again, otherwise.Again),
        T.WhereGreater(left, right, whenGreater.AgainLeading, otherwise.AgainLeading));
}
