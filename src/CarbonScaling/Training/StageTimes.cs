using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Passes of one micro-batch through the stages of a pipeline.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="First">The first stage, with the embedding; the only one where there is no pipeline.</param>
/// <param name="Middle">The fullest stage between first and last.</param>
/// <param name="Last">The last stage, with the head.</param>
/// <param name="MiddleSum">All stages between first and last together.</param>
public readonly record struct StageTimes<T>(PassPair<T> First, PassPair<T> Middle, PassPair<T> Last, PassPair<T> MiddleSum)
    where T : struct, IReal<T>
{
    /// <summary>The stages of a plan.</summary>
    /// <remarks>Eq. STAGE-1: layers × layer + embedding on the first and head on the last stage.</remarks>
    internal static StageTimes<T> Of(in StepParts<T> parts, in PlanInputs<T> plan, in PlanShape shape)
    {
        PassPair<T> first = (parts.Layer * plan.FirstLayers) + parts.Embedding;
        if (!shape.Pipelined)
        {
            return new(
                WithData(first + parts.Head, plan.FirstLayers, parts, shape),
                PassPair<T>.Zero,
                PassPair<T>.Zero,
                PassPair<T>.Zero);
        }

        // Stages with fewer layers take their share of the exposed exchange of a full one.
        PassPair<T> middle = WithData(parts.Layer * plan.MiddleLayers, plan.MiddleLayers, parts, shape);
        T share = plan.MiddleLayerTotal / T.Max(plan.MiddleLayers, T.Literal(1));
        return new(
            WithData(first, plan.FirstLayers, parts, shape),
            middle,
            WithData((parts.Layer * plan.LastLayers) + parts.Head, plan.LastLayers, parts, shape),
            middle * share);
    }

    /// <summary>The stage that takes longest.</summary>
    internal PassPair<T> Busiest(in PlanShape shape)
    {
        if (!shape.Pipelined)
        {
            return First;
        }

        PassPair<T> ends = Greater(Last, First);
        return Greater(ends, Middle);
    }

    /// <summary>A stage's passes over all micro-batches, on average over the stages.</summary>
    internal PassTime<T> Mean(in PlanInputs<T> plan, in PlanShape shape)
    {
        PassTime<T> all = First.Both;
        if (!shape.Pipelined)
        {
            return all * plan.MicroBatches;
        }

        all = all + MiddleSum.Both + Last.Both;
        return all * (plan.MicroBatches / plan.Pipeline);
    }

    private static PassPair<T> Greater(in PassPair<T> left, in PassPair<T> right)
    {
        T leftTotal = left.Both.Total.Value;
        T rightTotal = right.Both.Total.Value;
        return new(
            PassTime<T>.WhereGreater(leftTotal, rightTotal, left.Forward, right.Forward),
            PassTime<T>.WhereGreater(leftTotal, rightTotal, left.Backward, right.Backward));
    }

    private static PassPair<T> WithData(in PassPair<T> stage, T layers, in StepParts<T> parts, in PlanShape shape)
    {
        if (shape.Sharding < Sharding.Zero2)
        {
            return stage;
        }

        DataParallelInputs<T> inputs = parts.Data with { Layers = T.Max(layers, T.Literal(1)) };
        Seconds<T> forward = DataParallel.InForward(inputs, shape.Sharding, stage.Forward, parts.Machine);
        Seconds<T> backward = DataParallel.InBackward(inputs, shape.Sharding, stage, parts.Machine);
        return new(
            stage.Forward with { DataCommunication = forward },
            stage.Backward with { DataCommunication = backward });
    }
}
