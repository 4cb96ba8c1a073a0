using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>Memory of the stages of a plan.</summary>
public static class StageMemory
{
    /// <summary>Memory of a device on the stage that needs most.</summary>
    /// <remarks>Eq. MEM-6 of the stages that <see cref="Fullest"/> looks at.</remarks>
    public static Bytes<T> Peak<T>(LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T>
    {
        T zero = T.Literal(0);
        T one = T.Literal(1);
        Bytes<T> first = Of(zero, plan.FirstLayers, StagePlace.First, layer, plan, shape, inputs).Total;
        return shape.Pipelined
            ? Bytes<T>.Max(
                first,
                Bytes<T>.Max(
                    Of(one, plan.MiddleLayers, StagePlace.Middle, layer, plan, shape, inputs).Total,
                    Of(plan.Pipeline - one, plan.LastLayers, StagePlace.Last, layer, plan, shape, inputs).Total))
            : first;
    }

    /// <summary>What takes the memory of a device on the stage that needs most.</summary>
    /// <remarks>
    /// Micro-batches in flight do not grow along the stages and the fuller stages come first, so the first stage, the one
    /// after it and the last are the candidates.
    /// </remarks>
    public static MemoryUse<T> Fullest<T>(
        LayerCosts<T> layer, in PlanInputs<T> plan, in PlanShape shape, JobInputs<T> inputs)
        where T : struct, IReal<T>
    {
        T zero = T.Literal(0);
        T one = T.Literal(1);
        MemoryUse<T> first = Of(zero, plan.FirstLayers, StagePlace.First, layer, plan, shape, inputs);
        if (!shape.Pipelined)
        {
            return first;
        }

        MemoryUse<T> middle = Of(one, plan.MiddleLayers, StagePlace.Middle, layer, plan, shape, inputs);
        MemoryUse<T> last = Of(plan.Pipeline - one, plan.LastLayers, StagePlace.Last, layer, plan, shape, inputs);
        return Greater(last, Greater(middle, first));
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
        bool only = !shape.Pipelined;
        bool ownHead = only ? !inputs.Model.Traits.TiedEmbeddings : place == StagePlace.Last;
        T parameters = layers * layer.Parameters.Layer;
        parameters = place == StagePlace.First ? parameters + layer.Parameters.Embedding : parameters;
        parameters = ownHead ? parameters + layer.Parameters.Head : parameters;
        T inFlight = only
            ? T.Literal(1)
            : PipelineSchedule.InFlight(shape.Schedule, stage, plan.Pipeline, plan.MicroBatches, plan.VirtualStages);
        StageContents<T> contents = new(
            layers, parameters, layer.Parameters.Layer, inFlight, only || place == StagePlace.Last);
        ShardedState<T> state = ShardedState<T>.Of(inputs.State, shape.Sharding, plan.Data);
        return Memory.Stage(contents, state, layer.Activations, shape.Recomputation, inputs.Overhead);
    }

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

/// <summary>Where a stage lies in the pipeline.</summary>
public enum StagePlace
{
    /// <summary>The first, with the embedding; also the only one.</summary>
    First,

    /// <summary>Between first and last.</summary>
    Middle,

    /// <summary>The last, with the head.</summary>
    Last,
}
