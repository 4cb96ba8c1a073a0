using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>FLOPs per token that a plan executes.</summary>
public static class ExecutedFlops
{
    /// <summary>All of them, attention counted in full, as hardware utilisation is reported.</summary>
    /// <remarks>Eq. FLOP-5: model FLOPs + the forward FLOPs that are computed again.</remarks>
    public static Flops<T> Reported<T>(TransformerShape<T> shape, T sequenceLength, Recomputation recomputation)
        where T : struct, IReal<T>
    {
        Flops<T> attention = TokenFlops.ForwardAttention(shape, sequenceLength);
        Flops<T> model = TokenFlops.Model(shape, sequenceLength, FlopsConvention.ModelFull);
        Flops<T> flops = recomputation switch
        {
            Recomputation.Full => model + TokenFlops.ForwardLayers(shape) + attention,
            Recomputation.Selective => model + attention,
            _ => model,
        };
        return flops.Named(Equations.HardwareFlops);
    }

    /// <summary>Those in the matrix products of layers and head, without attention.</summary>
    public static Flops<T> InProducts<T>(TransformerShape<T> shape, Recomputation recomputation)
        where T : struct, IReal<T>
    {
        Flops<T> layers = TokenFlops.ForwardLayers(shape);
        Flops<T> once = T.Literal(3) * (layers + TokenFlops.ForwardHead(shape));
        return recomputation == Recomputation.Full ? once + layers : once;
    }
}
