using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What a stage holds: how many layers, and whether (1) or not (0) the embedding and the head.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layers">Layers.</param>
/// <param name="Embedding">Embeddings.</param>
/// <param name="Head">Heads.</param>
public readonly record struct StageParts<T>(T Layers, T Embedding, T Head)
    where T : struct, IReal<T>;

/// <summary>Passes of one micro-batch through the stages of a pipeline.</summary>
public static class StageTimes
{
    /// <summary>The stages of a plan, without transfers between them; one stage where there is no pipeline.</summary>
    /// <remarks>
    /// Eq. STAGE-1: layers × layer + embedding on the first and head on the last stage, each pass with the exchange of
    /// sharded weights and gradients that it cannot hide.
    /// </remarks>
    internal static PipelineStages<T> Of<T>(
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PipelineStages<T> stages = WithoutData(layers, plan, shape);
        return shape.Sharding < Sharding.Zero2 ? stages : WithData(stages, layers, plan, shape, group, machine);
    }

    /// <summary>Both passes of the stage that takes longest.</summary>
    internal static T Busiest<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T> =>
        T.Max(
            T.Max(stages.FirstForward + stages.FirstBackward, stages.MiddleForward + stages.MiddleBackward),
            stages.LastForward + stages.LastBackward);

    /// <summary>What the stage that takes longest holds.</summary>
    internal static StageParts<T> BusiestParts<T>(
        in PipelineStages<T> stages, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        if (!shape.Pipelined)
        {
            return new(plan.FirstLayers, one, one);
        }

        T first = stages.FirstForward + stages.FirstBackward;
        T middle = stages.MiddleForward + stages.MiddleBackward;
        T last = stages.LastForward + stages.LastBackward;
        T end = T.Max(first, last);
        T layers = T.WhereGreater(last, first, plan.LastLayers, plan.FirstLayers);
        T embedding = T.WhereGreater(last, first, none, one);
        return new(
            T.WhereGreater(end, middle, layers, plan.MiddleLayers),
            T.WhereGreater(end, middle, embedding, none),
            T.WhereGreater(end, middle, one - embedding, none));
    }

    /// <summary>Where the stage that takes longest spends the passes of all its micro-batches.</summary>
    internal static PassTime<T> BusiestPasses<T>(
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        StageParts<T> stage = BusiestParts(Of(layers, plan, shape, group, machine), plan, shape);
        PassTime<T> passes = (layers.Layer.Both * (stage.Layers * plan.MicroBatches))
            + (layers.Embedding.Both * (stage.Embedding * plan.MicroBatches))
            + (layers.Head.Both * (stage.Head * plan.MicroBatches));
        if (shape.Sharding < Sharding.Zero2)
        {
            return passes;
        }

        PassExposure<T> exposed = Exposed(
            layers,
            shape,
            group,
            machine,
            stage.Layers,
            (layers.Layer.Forward * stage.Layers) + (layers.Embedding.Forward * stage.Embedding)
                + (layers.Head.Forward * stage.Head),
            (layers.Layer.Backward * stage.Layers) + (layers.Embedding.Backward * stage.Embedding)
                + (layers.Head.Backward * stage.Head));
        return passes with { DataCommunication = (exposed.Forward + exposed.Backward) * plan.MicroBatches };
    }

    /// <summary>Exposed exchange of sharded weights and gradients in the passes of one micro-batch, summed over the stages.</summary>
    internal static Seconds<T> DataExposed<T>(
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PipelineStages<T> without = WithoutData(layers, plan, shape);
        PipelineStages<T> with = WithData(without, layers, plan, shape, group, machine);
        return new(Sum(with) - Sum(without));
    }

    private static T Sum<T>(in PipelineStages<T> stages)
        where T : struct, IReal<T> =>
        stages.FirstForward + stages.FirstBackward + stages.MiddleForwardSum + stages.MiddleBackwardSum
        + stages.LastForward + stages.LastBackward;

    private static PipelineStages<T> WithoutData<T>(LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T zero = T.Literal(0);
        T forward = costs.Layer.Forward.Value;
        T backward = costs.Layer.Backward.Value;
        T firstForward = (forward * plan.FirstLayers) + costs.Embedding.Forward.Value;
        T firstBackward = (backward * plan.FirstLayers) + costs.Embedding.Backward.Value;
        return shape.Pipelined
            ? new(
                Pass(firstForward),
                Pass(firstBackward),
                Pass(forward * plan.MiddleLayers),
                Pass(backward * plan.MiddleLayers),
                Pass((forward * plan.LastLayers) + costs.Head.Forward.Value),
                Pass((backward * plan.LastLayers) + costs.Head.Backward.Value),
                forward * plan.MiddleLayerTotal,
                backward * plan.MiddleLayerTotal,
                plan.Pipeline,
                plan.MicroBatches,
                plan.VirtualStages,
                zero)
            : new(
                Pass(firstForward + costs.Head.Forward.Value),
                Pass(firstBackward + costs.Head.Backward.Value),
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                plan.Pipeline,
                plan.MicroBatches,
                plan.VirtualStages,
                zero);

        static T Pass(T time) => T.Name(time, Equations.StageTime);
    }

    private static PipelineStages<T> WithData<T>(
        in PipelineStages<T> stages,
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PassExposure<T> first = Exposed(
            layers, shape, group, machine, plan.FirstLayers, new(stages.FirstForward), new(stages.FirstBackward));
        if (!shape.Pipelined)
        {
            return stages with
            {
                FirstForward = stages.FirstForward + first.Forward.Value,
                FirstBackward = stages.FirstBackward + first.Backward.Value,
            };
        }

        PassExposure<T> middle = Exposed(
            layers, shape, group, machine, plan.MiddleLayers, new(stages.MiddleForward), new(stages.MiddleBackward));
        PassExposure<T> last = Exposed(
            layers, shape, group, machine, plan.LastLayers, new(stages.LastForward), new(stages.LastBackward));

        // Stages with fewer layers take their share of the exposed exchange of a full one.
        T share = plan.MiddleLayerTotal / T.Max(plan.MiddleLayers, T.Literal(1));
        return stages with
        {
            FirstForward = stages.FirstForward + first.Forward.Value,
            FirstBackward = stages.FirstBackward + first.Backward.Value,
            MiddleForward = stages.MiddleForward + middle.Forward.Value,
            MiddleBackward = stages.MiddleBackward + middle.Backward.Value,
            LastForward = stages.LastForward + last.Forward.Value,
            LastBackward = stages.LastBackward + last.Backward.Value,
            MiddleForwardSum = stages.MiddleForwardSum + (middle.Forward.Value * share),
            MiddleBackwardSum = stages.MiddleBackwardSum + (middle.Backward.Value * share),
        };
    }

    private static PassExposure<T> Exposed<T>(
        LayerCosts<T> costs,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine,
        T layers,
        Seconds<T> forward,
        Seconds<T> backward)
        where T : struct, IReal<T>
    {
        T count = T.Max(layers, T.Literal(1));
        T parameters = costs.Parameters.Layer;
        return new(
            DataParallel.InForward(count, parameters, group, shape.Sharding, forward, machine),
            DataParallel.InBackward(count, parameters, group, shape.Sharding, forward, backward, machine));
    }

    // What the passes of one micro-batch through a stage cannot hide of the exchange among data-parallel ranks.
    private readonly record struct PassExposure<T>(Seconds<T> Forward, Seconds<T> Backward)
        where T : struct, IReal<T>;
}
