using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>FLOPs per token that a plan executes.</summary>
public static class ExecutedFlops
{
    /// <summary>All of them, attention counted in full, as hardware utilisation is reported.</summary>
    /// <remarks>Eq. FLOP-5: model FLOPs + the forward FLOPs that are computed again; prediction layers never are.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="sequenceLength">Tokens of a sequence.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    public static Flops<T> Reported<T>(
        TransformerShape<T> model, T sequenceLength, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        Flops<T> once = TokenFlops.Model(model, sequenceLength, FlopsConvention.ModelFull);
        Flops<T> flops = shape.Recompute.Kind switch
        {
            Recomputation.Full => once
                + ((TokenFlops.ForwardStack(model) + TokenFlops.ForwardStackAttention(model, sequenceLength))
                    * RecomputedShare(model, plan, shape)),
            Recomputation.Selective when shape.Recompute.Modules.HasFlag(RecomputeModules.Attention) =>
                once + TokenFlops.ForwardAttention(model, sequenceLength),
            _ => once,
        };
        return flops.Named(Equations.HardwareFlops);
    }

    /// <summary>Those in the matrix products of the layers and the head of a pool, without attention.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    public static Flops<T> InProducts<T>(TransformerShape<T> model, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        Flops<T> layers = TokenFlops.ForwardLayers(model);
        Flops<T> held = shape.Span.IsPart
            ? layers * ((plan.FirstLayers + plan.MiddleLayerTotal + plan.LastLayers) / model.Layers)
            : layers;
        Flops<T> once = T.Literal(3) * (shape.HoldsLast ? held + TokenFlops.ForwardHead(model) : held);
        return shape.Recompute.Kind == Recomputation.Full
            ? once + (TokenFlops.ForwardStack(model) * RecomputedShare(model, plan, shape))
            : once;
    }

    /// <summary>Layers that are computed again in the backward pass, over all stages.</summary>
    internal static T RecomputedLayers<T>(in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T first = T.Min(plan.RecomputedLayers, plan.FirstLayers);
        return shape.Pipelined ? first + RecomputedBetween(plan, shape) + T.Min(plan.RecomputedLayers, plan.LastLayers) : first;
    }

    /// <summary>Layers that are computed again on the stages between first and last, some of which have one less than others.</summary>
    internal static T RecomputedBetween<T>(in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        T count = plan.HeldStages - T.Literal((shape.HoldsFirst ? 1 : 0) + (shape.HoldsLast ? 1 : 0));
        T less = plan.MiddleLayers - one;
        T fuller = plan.MiddleLayerTotal - (less * count);
        return (T.Min(plan.RecomputedLayers, plan.MiddleLayers) * fuller) + (T.Min(plan.RecomputedLayers, less) * (count - fuller));
    }

    private static T RecomputedShare<T>(TransformerShape<T> model, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T> => RecomputedLayers(plan, shape) / model.Layers;
}
