using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Passes of one micro-batch through a stage.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Forward">The forward pass, with the exchange that it cannot hide.</param>
/// <param name="Backward">The backward pass, likewise.</param>
/// <param name="Data">What of both is the exposed exchange among data-parallel ranks.</param>
public readonly record struct StageTime<T>(Seconds<T> Forward, Seconds<T> Backward, Seconds<T> Data)
    where T : struct, IReal<T>
{
    /// <summary>Both passes together.</summary>
    public Seconds<T> Both => Forward + Backward;
}

/// <summary>What a stage holds: how many layers, and whether (1) or not (0) the embedding and the head.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layers">Layers.</param>
/// <param name="Embedding">Embeddings.</param>
/// <param name="Head">Heads.</param>
public readonly record struct StageParts<T>(T Layers, T Embedding, T Head)
    where T : struct, IReal<T>;

/// <summary>The busiest stage of a pipeline.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Time">Its passes.</param>
/// <param name="Parts">What it holds.</param>
public readonly record struct BusiestStage<T>(StageTime<T> Time, StageParts<T> Parts)
    where T : struct, IReal<T>;

/// <summary>Passes of one micro-batch through the stages of a pipeline.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="First">The first stage, with the embedding; the only one where there is no pipeline.</param>
/// <param name="Middle">The fullest stage between first and last.</param>
/// <param name="Last">The last stage, with the head.</param>
/// <param name="MiddleShare">All stages between first and last together, over the fullest of them.</param>
public readonly record struct StageTimes<T>(StageTime<T> First, StageTime<T> Middle, StageTime<T> Last, T MiddleShare)
    where T : struct, IReal<T>
{
    /// <summary>The stages of a plan.</summary>
    /// <remarks>Eq. STAGE-1: layers × layer + embedding on the first and head on the last stage.</remarks>
    internal static StageTimes<T> Of(in StepParts<T> parts, in PlanInputs<T> plan, in PlanShape shape)
    {
        Seconds<T> forward = parts.Layer.Forward;
        Seconds<T> backward = parts.Layer.Backward;
        Seconds<T> firstForward = (forward * plan.FirstLayers) + parts.Embedding.Forward;
        Seconds<T> firstBackward = (backward * plan.FirstLayers) + parts.Embedding.Backward;
        Seconds<T> headForward = parts.Head.Forward;
        Seconds<T> headBackward = parts.Head.Backward;
        if (!shape.Pipelined)
        {
            StageTime<T> only = WithData(
                firstForward + headForward, firstBackward + headBackward, plan.FirstLayers, parts, shape);
            return new(only, default, default, T.Literal(0));
        }

        // Stages with fewer layers take their share of the exposed exchange of a full one.
        T share = plan.MiddleLayerTotal / T.Max(plan.MiddleLayers, T.Literal(1));
        return new(
            WithData(firstForward, firstBackward, plan.FirstLayers, parts, shape),
            WithData(forward * plan.MiddleLayers, backward * plan.MiddleLayers, plan.MiddleLayers, parts, shape),
            WithData(
                (forward * plan.LastLayers) + headForward,
                (backward * plan.LastLayers) + headBackward,
                plan.LastLayers,
                parts,
                shape),
            share);
    }

    /// <summary>The stage that takes longest.</summary>
    internal BusiestStage<T> Busiest(in PlanInputs<T> plan, in PlanShape shape)
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        if (!shape.Pipelined)
        {
            return new(First, new(plan.FirstLayers, one, one));
        }

        BusiestStage<T> ends = Greater(new(Last, new(plan.LastLayers, none, one)), new(First, new(plan.FirstLayers, one, none)));
        return Greater(ends, new(Middle, new(plan.MiddleLayers, none, none)));
    }

    private static BusiestStage<T> Greater(in BusiestStage<T> left, in BusiestStage<T> right)
    {
        T leftTime = left.Time.Both.Value;
        T rightTime = right.Time.Both.Value;
        return new(
            new(
                new(T.WhereGreater(leftTime, rightTime, left.Time.Forward.Value, right.Time.Forward.Value)),
                new(T.WhereGreater(leftTime, rightTime, left.Time.Backward.Value, right.Time.Backward.Value)),
                new(T.WhereGreater(leftTime, rightTime, left.Time.Data.Value, right.Time.Data.Value))),
            new(
                T.WhereGreater(leftTime, rightTime, left.Parts.Layers, right.Parts.Layers),
                T.WhereGreater(leftTime, rightTime, left.Parts.Embedding, right.Parts.Embedding),
                T.WhereGreater(leftTime, rightTime, left.Parts.Head, right.Parts.Head)));
    }

    private static StageTime<T> WithData(
        Seconds<T> forward, Seconds<T> backward, T layers, in StepParts<T> parts, in PlanShape shape)
    {
        if (shape.Sharding < Sharding.Zero2)
        {
            return new(forward, backward, Seconds<T>.Zero);
        }

        DataParallelInputs<T> inputs = parts.Data with { Layers = T.Max(layers, T.Literal(1)) };
        Seconds<T> inForward = DataParallel.InForward(inputs, shape.Sharding, forward, parts.Machine);
        Seconds<T> inBackward = DataParallel.InBackward(inputs, shape.Sharding, forward, backward, parts.Machine);
        return new(forward + inForward, backward + inBackward, inForward + inBackward);
    }
}
