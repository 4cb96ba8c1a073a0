using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Passes of one micro-batch through the stages of a pipeline.</summary>
public static class StageTimes
{
    /// <summary>The stages of a plan, without transfers between them; one stage where there is no pipeline.</summary>
    /// <remarks>
    /// Eq. STAGE-1: layers × layer + leading × leading layer + embedding on the first and head on the last stage, the
    /// backward pass with the forward pass of layers that are computed again, each pass with the exchange of sharded
    /// weights and gradients that it cannot hide.
    /// </remarks>
    internal static PipelineStages<T> Of<T>(
        LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape, in ExchangeGroups<T> groups, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PipelineStages<T> stages = WithoutData(costs, plan, shape);
        return shape.ShardsGradients || shape.Offload.HasFlag(Offload.Weights)
            ? WithData(stages, costs, plan, shape, groups, machine)
            : stages;
    }

    /// <summary>Both passes of the device that takes longest, less what they hide of each other.</summary>
    internal static T Busiest<T>(in PipelineStages<T> stages, in PlanShape shape)
        where T : struct, IReal<T>
    {
        StagePasses<T> passes = StagePasses<T>.Of(stages, shape);
        return passes.Of(passes);
    }

    /// <summary>Where the stage that takes longest spends the passes of all its micro-batches.</summary>
    internal static PassTime<T> BusiestPasses<T>(
        LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape, in ExchangeGroups<T> groups, MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PipelineStages<T> stages = Of(costs, plan, shape, groups, machine);
        StagePasses<T> all = StagePasses<T>.Of(stages, shape);
        StageParts<T> stage = BusiestParts(stages, all, plan, shape);
        PassPair<T> passes = (costs.Layer * stage.Layers) + (costs.Embedding * stage.Embedding) + (costs.Head * stage.Head);
        if (costs.HasLeading)
        {
            passes += costs.Leading * stage.Leading;
        }

        PassTime<T> parts = passes.Both;
        if (shape.Recompute.Kind == Recomputation.Full)
        {
            parts += costs.Layer.ForwardParts * stage.Again;
            if (costs.HasLeading)
            {
                parts += costs.Leading.ForwardParts * stage.AgainLeading;
            }
        }

        if (shape.HidesExperts)
        {
            parts = parts with { ExpertCommunication = parts.ExpertCommunication - passes.Hidden };
        }

        return Exposed(parts, all, costs, plan, shape, groups, machine) * plan.MicroBatches;
    }

    // What the device takes beyond its own passes: the exchange among ranks, and then the copies from the host, that these do
    // not hide.
    private static PassTime<T> Exposed<T>(
        PassTime<T> parts,
        in StagePasses<T> all,
        LayerCosts<T> costs,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in ExchangeGroups<T> groups,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        PipelineStages<T> alone = WithoutData(costs, plan, shape);
        T without = all.Of(StagePasses<T>.Of(alone, shape));
        if (!shape.Offload.HasFlag(Offload.Weights))
        {
            return shape.ShardsGradients
                ? parts with { DataCommunication = parts.DataCommunication + new Seconds<T>(all.Of(all) - without) }
                : parts;
        }

        PlanShape resident = shape with { Offload = shape.Offload & ~Offload.Weights };
        T exchanged = shape.ShardsGradients
            ? all.Of(StagePasses<T>.Of(WithData(alone, costs, plan, resident, groups, machine), shape))
            : without;
        return parts with
        {
            DataCommunication = parts.DataCommunication + new Seconds<T>(exchanged - without),
            HostCopies = parts.HostCopies + new Seconds<T>(all.Of(all) - exchanged),
        };
    }

    /// <summary>Exposed exchange of sharded weights and gradients in the passes of one micro-batch, summed over the stages.</summary>
    internal static Seconds<T> DataExposed<T>(
        LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape, in PipelineStages<T> stages)
        where T : struct, IReal<T>
    {
        PipelineStages<T> without = WithoutData(costs, plan, shape);
        return new(stages.First + stages.MiddleSum + stages.Last - (without.First + without.MiddleSum + without.Last));
    }

    /// <summary>Leading layers that are computed again.</summary>
    internal static T RecomputedLeading<T>(in PlanInputs<T> plan)
        where T : struct, IReal<T> =>
        T.Min(plan.RecomputedLayers, plan.FirstLayers) - T.Min(plan.RecomputedLayers, plan.FirstLayers - plan.LeadingLayers);

    private static StageParts<T> BusiestParts<T>(
        in PipelineStages<T> pipeline, in StagePasses<T> stages, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T none = T.Literal(0);
        T one = T.Literal(1);
        StageParts<T> first = First(plan);
        if (!shape.Pipelined)
        {
            return first with { Head = one };
        }

        StageParts<T> middle = new(plan.MiddleLayers, none, none, none, Again(plan, plan.MiddleLayers), none);
        StageParts<T> last = new(plan.LastLayers, none, none, one, Again(plan, plan.LastLayers), none);
        if (shape.PairsEnds)
        {
            StageParts<T> ends = first + last;
            T half = T.Literal(0.5);
            if (shape.Schedule == PipelineScheduleKind.DualPipe)
            {
                // An inner device may hold a full stage and one with less.
                T full = PipelineSchedule.FullestInnerDevice(pipeline) / T.Max(pipeline.Middle, T.Literal(1e-12));
                return StageParts<T>.Where(stages.First, stages.Middle, ends * half, middle * full);
            }

            StageParts<T> outer = ends + (StageParts<T>.Where(plan.Pipeline, T.Literal(2), middle, ends * half) * -one);
            return StageParts<T>.Where(stages.First, stages.Middle, outer, middle);
        }

        StageParts<T> end = StageParts<T>.Where(stages.Last, stages.First, last, first);
        return StageParts<T>.Where(T.Max(stages.First, stages.Last), stages.Middle, end, middle);
    }

    private static StageParts<T> First<T>(in PlanInputs<T> plan)
        where T : struct, IReal<T>
    {
        T beyond = plan.FirstLayers - plan.LeadingLayers;
        return new(beyond, plan.LeadingLayers, T.Literal(1), T.Literal(0), Again(plan, beyond), RecomputedLeading(plan));
    }

    private static T Again<T>(in PlanInputs<T> plan, T layers)
        where T : struct, IReal<T> => T.Min(plan.RecomputedLayers, layers);

    private static PipelineStages<T> WithoutData<T>(LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T zero = T.Literal(0);
        PassPair<T> layer = costs.Layer;
        T forward = layer.Forward.Value;
        T backward = layer.Backward.Value;
        T weight = layer.WeightGradient.Value;
        PassPair<T> embedding = shape.HoldsFirst ? costs.Embedding : PassPair<T>.Zero;
        PassPair<T> head = shape.HoldsLast ? costs.Head : PassPair<T>.Zero;
        T firstForward = (forward * plan.FirstLayers) + embedding.Forward.Value;
        T firstBackward = (backward * plan.FirstLayers) + embedding.Backward.Value;
        T firstWeight = weight * plan.FirstLayers;
        T firstHidden = zero;
        if (costs.HasLeading)
        {
            firstForward += (costs.Leading.Forward.Value - forward) * plan.LeadingLayers;
            firstBackward += (costs.Leading.Backward.Value - backward) * plan.LeadingLayers;
            firstWeight += (costs.Leading.WeightGradient.Value - weight) * plan.LeadingLayers;
        }

        if (shape.HidesExperts)
        {
            firstHidden = layer.Hidden.Value * (plan.FirstLayers - plan.LeadingLayers);
        }

        PipelineStages<T> stages = new(
            T.Name(firstForward, Equations.StageTime),
            T.Name(firstBackward, Equations.StageTime),
            T.Name(forward * plan.MiddleLayers, Equations.StageTime),
            T.Name(backward * plan.MiddleLayers, Equations.StageTime),
            T.Name((forward * plan.LastLayers) + head.Forward.Value, Equations.StageTime),
            T.Name((backward * plan.LastLayers) + head.Backward.Value, Equations.StageTime),
            forward * plan.MiddleLayerTotal,
            backward * plan.MiddleLayerTotal,
            plan.Pipeline,
            plan.MicroBatches,
            plan.VirtualStages,
            zero,
            firstWeight,
            weight * plan.MiddleLayers,
            (weight * plan.LastLayers) + head.WeightGradient.Value,
            weight * plan.MiddleLayerTotal,
            firstHidden,
            shape.HidesExperts ? layer.Hidden.Value * plan.MiddleLayers : zero,
            shape.HidesExperts ? (layer.Hidden.Value * plan.LastLayers) + costs.Head.Hidden.Value : zero,
            shape.HidesExperts ? layer.Hidden.Value * plan.MiddleLayerTotal : zero);
        if (!shape.Pipelined)
        {
            stages = new(
                stages.FirstForward + costs.Head.Forward.Value,
                stages.FirstBackward + costs.Head.Backward.Value,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                plan.Pipeline,
                plan.MicroBatches,
                plan.VirtualStages,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero);
        }

        return shape.Recompute.Kind == Recomputation.Full ? WithAgain(stages, costs, plan, shape) : stages;
    }

    // Layers that are computed again run forward once more within the backward pass; leading ones only after all others.
    private static PipelineStages<T> WithAgain<T>(
        in PipelineStages<T> stages, LayerCosts<T> costs, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T forward = costs.Layer.Forward.Value;
        T first = forward * T.Min(plan.RecomputedLayers, plan.FirstLayers);
        if (costs.HasLeading)
        {
            first += (costs.Leading.Forward.Value - forward) * RecomputedLeading(plan);
        }

        return stages with
        {
            FirstBackward = stages.FirstBackward + first,
            MiddleBackward = stages.MiddleBackward + (forward * T.Min(plan.RecomputedLayers, plan.MiddleLayers)),
            LastBackward = stages.LastBackward + (forward * T.Min(plan.RecomputedLayers, plan.LastLayers)),
            MiddleBackwardSum = stages.MiddleBackwardSum + (forward * ExecutedFlops.RecomputedBetween(plan, shape)),
        };
    }

    private static PipelineStages<T> WithData<T>(
        in PipelineStages<T> stages,
        LayerCosts<T> costs,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in ExchangeGroups<T> groups,
        MachineInputs<T> machine)
        where T : struct, IReal<T>
    {
        StageExchange<T> exchange = new(costs.Parameters, plan, shape, groups, machine);
        PassExposure<T> first = shape.HoldsFirst
            ? exchange.On(StagePlace.First, plan.FirstLayers, plan.LeadingLayers, stages.FirstForward, stages.FirstBackward)
            : default;
        if (!shape.Pipelined)
        {
            return stages with
            {
                FirstForward = stages.FirstForward + first.Forward.Value,
                FirstBackward = stages.FirstBackward + first.Backward.Value,
            };
        }

        T none = T.Literal(0);
        PassExposure<T> middle = exchange.On(
            StagePlace.Middle, plan.MiddleLayers, none, stages.MiddleForward, stages.MiddleBackward);
        PassExposure<T> last = shape.HoldsLast
            ? exchange.On(StagePlace.Last, plan.LastLayers, none, stages.LastForward, stages.LastBackward)
            : default;

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
}
