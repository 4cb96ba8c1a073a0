using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>FLOPs per token of a dense transformer.</summary>
public static class TokenFlops
{
    /// <summary>Forward FLOPs per token in the matrix products of all layers.</summary>
    /// <remarks>Eq. FLOP-1: 2·L·matrices.</remarks>
    public static Flops<T> ForwardLayers<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        new Flops<T>(T.Literal(2) * shape.Layers * ParameterCount.LayerMatrices(shape)).Named(Equations.LayerFlops);

    /// <summary>Forward FLOPs per token in the attention scores and their use, counted in full.</summary>
    /// <remarks>Eq. FLOP-2: 4·L·s·a·d; the causal half is executed by fused kernels.</remarks>
    public static Flops<T> ForwardAttention<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T> =>
        new Flops<T>(T.Literal(4) * shape.Layers * sequenceLength * shape.QueryWidth).Named(Equations.AttentionFlops);

    /// <summary>Forward FLOPs per token in the output head.</summary>
    /// <remarks>Eq. FLOP-3: 2·h·V.</remarks>
    public static Flops<T> ForwardHead<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> =>
        new Flops<T>(T.Literal(2) * ParameterCount.Head(shape)).Named(Equations.HeadFlops);

    /// <summary>Forward and backward FLOPs per token of the model itself, without recomputation.</summary>
    /// <remarks>Eq. FLOP-4: 3·(layers + head + attention), attention in full or its causal half; 6·P by parameters.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="FlopsConvention.Hardware"/>, which depends on the plan.</exception>
    public static Flops<T> Model<T>(TransformerShape<T> shape, T sequenceLength, FlopsConvention convention)
        where T : struct, IReal<T>
    {
        Flops<T> products = ForwardLayers(shape) + ForwardHead(shape);
        Flops<T> attention = ForwardAttention(shape, sequenceLength);
        Flops<T> flops = convention switch
        {
            FlopsConvention.ModelFull => T.Literal(3) * (products + attention),
            FlopsConvention.ModelCausal => T.Literal(3) * (products + (T.Literal(0.5) * attention)),
            FlopsConvention.Parameters => new(T.Literal(6) * ParameterCount.Total(shape)),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "Hardware FLOPs depend on the plan."),
        };
        return flops.Named(Equations.ModelFlops);
    }
}
