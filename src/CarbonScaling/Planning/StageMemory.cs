using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Memory of the stages of a plan.</summary>
public static class StageMemory
{
    /// <summary>Memory of a device on the stage of the pool that needs most.</summary>
    /// <remarks>Eq. MEM-6 of the stages that <see cref="Fullest"/> looks at.</remarks>
    public static Bytes<T> Peak<T>(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T>
    {
        if (!shape.Pipelined)
        {
            return First(layer, plan, shape, inputs).Total;
        }

        Bytes<T> peak = Middle(layer, plan, shape, inputs).Total;
        peak = shape.HoldsLast ? Bytes<T>.Max(peak, Last(layer, plan, shape, inputs).Total) : peak;
        return shape.HoldsFirst ? Bytes<T>.Max(First(layer, plan, shape, inputs).Total, peak) : peak;
    }

    /// <summary>What takes the memory of a device on the stage that needs most.</summary>
    /// <remarks>
    /// Micro-batches in flight do not grow along the stages and the fuller stages come first, so the first stage, the one
    /// after it and the last are the candidates; in a pool that has neither end, its own first stage.
    /// </remarks>
    public static MemoryUse<T> Fullest<T>(
        LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T>
    {
        if (!shape.Pipelined)
        {
            return First(layer, plan, shape, inputs);
        }

        MemoryUse<T> middle = Middle(layer, plan, shape, inputs);
        MemoryUse<T> fullest = shape.HoldsFirst ? Greater(middle, First(layer, plan, shape, inputs)) : middle;
        return shape.HoldsLast ? Greater(Last(layer, plan, shape, inputs), fullest) : fullest;
    }

    /// <summary>Memory of a device on one stage.</summary>
    /// <param name="stage">The stage, counted from 0.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="place">Where it lies in the pipeline.</param>
    /// <param name="layer">The layer's part of the plan's cost.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="inputs">The numbers of the job.</param>
    public static MemoryUse<T> Of<T>(
        T stage,
        T layers,
        StagePlace place,
        LayerCosts<T> layer,
        in PlanInputs<T> plan,
        in PlanShape shape,
        JobInputs<T> inputs)
        where T : struct, IReal<T>
    {
        T inFlight = shape.Pipelined
            ? PipelineSchedule.InFlight(shape.Schedule, stage, plan.Pipeline, plan.MicroBatches, plan.VirtualStages)
            : T.Literal(1);
        StageContents<T> contents = shape.PairsEnds && shape.Pipelined
            ? Paired(place, layer.Parameters, plan, shape, inFlight)
            : Single(layers, place, layer.Parameters, plan, shape, inFlight);
        StateRanks<T> ranks = StateRanks<T>.Of(plan, shape);
        return Memory.Stage(
            contents,
            ShardedState<T>.Of(inputs.State, shape, ranks.Common),
            ShardedState<T>.Of(inputs.State, shape, ranks.Experts),
            layer.Activations,
            shape,
            inputs.State,
            inputs.Overhead);
    }

    private static StageContents<T> Single<T>(
        T layers, StagePlace place, RankParameters<T> parameters, in PlanInputs<T> plan, in PlanShape shape, T inFlight)
        where T : struct, IReal<T>
    {
        T leading = place == StagePlace.First ? plan.LeadingLayers : T.Literal(0);
        return new(
            layers,
            leading,
            plan.RecomputedLayers,
            parameters.OnStage(layers, leading, place, shape.Pipelined),
            parameters.Layer + parameters.LayerExperts,
            inFlight,
            !shape.Pipelined || place == StagePlace.Last);
    }

    // A device that holds two parts of the model: with DualPipe stages i and p − 1 − i whole, each with half the
    // micro-batches; with ZBV two chunks of half a stage, on the first device both ends.
    private static StageContents<T> Paired<T>(
        StagePlace place, RankParameters<T> parameters, in PlanInputs<T> plan, in PlanShape shape, T inFlight)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T half = T.Literal(0.5);
        T two = T.Literal(2);
        bool whole = shape.Schedule == PipelineScheduleKind.DualPipe;
        T ends = plan.FirstLayers + plan.LastLayers;

        // Of two stages with ZBV, each has half of the layers.
        T inner = whole ? plan.MiddleLayers : T.WhereGreater(plan.Pipeline, two, plan.MiddleLayers, half * ends);
        T layers = place == StagePlace.Middle ? inner : whole ? half * ends : ends - inner;
        T leading = place == StagePlace.Middle ? none : whole ? half * plan.LeadingLayers : plan.LeadingLayers;
        DeviceParameters<T> held = parameters.OnStage(layers, leading, StagePlace.Middle, shape.Pipelined);
        T copies = whole ? two : T.Literal(1);
        T common = copies * held.Common;
        T experts = copies * held.Experts;
        if (place != StagePlace.Middle)
        {
            common += parameters.Embedding + parameters.Prediction;
            common = whole || !parameters.Tied ? common + parameters.Head : common;
            experts += parameters.PredictionExperts;
        }

        return new(
            layers,
            leading,
            plan.RecomputedLayers,
            new(common, experts),
            parameters.Layer + parameters.LayerExperts,
            inFlight,
            place != StagePlace.Middle);
    }

    private static MemoryUse<T> First<T>(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T> =>
        Of(T.Literal(0), plan.FirstLayers, StagePlace.First, layer, plan, shape, inputs);

    private static MemoryUse<T> Middle<T>(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T> =>
        Of(T.Literal(Math.Max(1, shape.Span.First)), plan.MiddleLayers, StagePlace.Middle, layer, plan, shape, inputs);

    private static MemoryUse<T> Last<T>(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T> =>
        Of(plan.Pipeline - T.Literal(1), plan.LastLayers, StagePlace.Last, layer, plan, shape, inputs);

    private static MemoryUse<T> Greater<T>(in MemoryUse<T> left, in MemoryUse<T> right)
        where T : struct, IReal<T>
    {
        T leftTotal = left.Total.Value;
        T rightTotal = right.Total.Value;
        return new(
            new(T.WhereGreater(leftTotal, rightTotal, left.Weights.Value, right.Weights.Value)),
            new(T.WhereGreater(leftTotal, rightTotal, left.Gradients.Value, right.Gradients.Value)),
            new(T.WhereGreater(leftTotal, rightTotal, left.Optimizer.Value, right.Optimizer.Value)),
            new(T.WhereGreater(leftTotal, rightTotal, left.Activations.Value, right.Activations.Value)),
            new(T.WhereGreater(leftTotal, rightTotal, left.Overhead.Value, right.Overhead.Value)));
    }
}
