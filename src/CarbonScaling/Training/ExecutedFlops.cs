using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>FLOPs per token that a plan executes.</summary>
public static class ExecutedFlops
{
    /// <summary>All of them, attention counted in full, as hardware utilisation is reported.</summary>
    /// <remarks>Eq. FLOP-5: model FLOPs + the forward FLOPs that are computed again.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="sequenceLength">Tokens of a sequence.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    public static Flops<T> Reported<T>(
        TransformerShape<T> model, T sequenceLength, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        Flops<T> attention = TokenFlops.ForwardAttention(model, sequenceLength);
        Flops<T> once = TokenFlops.Model(model, sequenceLength, FlopsConvention.ModelFull);
        Flops<T> flops = shape.Recompute.Kind switch
        {
            Recomputation.Full => once + ((TokenFlops.ForwardLayers(model) + attention) * RecomputedShare(model, plan, shape)),
            Recomputation.Selective when shape.Recompute.Modules.HasFlag(RecomputeModules.Attention) => once + attention,
            _ => once,
        };
        return flops.Named(Equations.HardwareFlops);
    }

    /// <summary>Those in the matrix products of layers and head, without attention.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    public static Flops<T> InProducts<T>(TransformerShape<T> model, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        Flops<T> layers = TokenFlops.ForwardLayers(model);
        Flops<T> once = T.Literal(3) * (layers + TokenFlops.ForwardHead(model));
        return shape.Recompute.Kind == Recomputation.Full ? once + (layers * RecomputedShare(model, plan, shape)) : once;
    }

    /// <summary>Layers that are computed again in the backward pass, over all stages.</summary>
    internal static T RecomputedLayers<T>(in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T first = T.Min(plan.RecomputedLayers, plan.FirstLayers);
        if (!shape.Pipelined)
        {
            return first;
        }

        T middles = plan.MiddleLayerTotal / T.Max(plan.MiddleLayers, T.Literal(1));
        return first + (T.Min(plan.RecomputedLayers, plan.MiddleLayers) * middles)
            + T.Min(plan.RecomputedLayers, plan.LastLayers);
    }

    private static T RecomputedShare<T>(TransformerShape<T> model, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T> => RecomputedLayers(plan, shape) / model.Layers;
}
