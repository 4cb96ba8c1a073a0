using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The stages of a pipeline in one pool.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layers">A layer, the embedding and the head on one micro-batch.</param>
/// <param name="Plan">The numbers of the plan, its layers those of this pool.</param>
/// <param name="Shape">The discrete side of the plan.</param>
/// <param name="Groups">The ranks that exchange weights and gradients.</param>
/// <param name="Machine">The device and the software.</param>
/// <param name="Software">The training software.</param>
/// <param name="StageLayers">Layers of each of its stages.</param>
public sealed record PipelinePart<T>(
    LayerCosts<T> Layers,
    PlanInputs<T> Plan,
    PlanShape Shape,
    ExchangeGroups<T> Groups,
    MachineInputs<T> Machine,
    Software Software,
    IReadOnlyList<int> StageLayers)
    where T : struct, IReal<T>;

/// <summary>A training step of a pipeline whose stages lie in several pools.</summary>
public static class PipelineAcrossPools
{
    /// <summary>Time of a step, as each pool sees it; all last equally long.</summary>
    /// <remarks>
    /// Eq. STEP-17: makespan + the longest of what follows the passes in the pools + straggling + constant. The makespan is
    /// that of the schedule where the pools are alike, and else PIPE-9; what follows may run beside the longest pass of
    /// all stages. A transfer between two pools goes at the pace of the
    /// slower network.
    /// </remarks>
    /// <param name="parts">The pools in the order of the stages, two or more.</param>
    /// <param name="microBatches">Micro-batches of a step.</param>
    /// <param name="alike">Whether all are of one kind and joined alike, so that the schedule's closed form holds.</param>
    public static IReadOnlyList<StepCost<T>> Combine<T>(IReadOnlyList<PipelinePart<T>> parts, int microBatches, bool alike)
        where T : struct, IReal<T>
    {
        ArgumentNullException.ThrowIfNull(parts);
        PipelineStages<T>[] stages = [.. parts.Select(part => StageTimes.Of(part.Layers, part.Plan, part.Shape, part.Groups, part.Machine))];
        T[] transfers = Transfers(parts);
        T[] none = new T[transfers.Length];
        Array.Fill(none, T.Literal(0));
        PipelineStages<T> whole = Joined(stages);
        T makespan = alike ? Alike(parts[0], whole, transfers[0]) : Uneven(parts, stages, transfers, microBatches);
        T alone = alike ? Alike(parts[0], whole, none[0]) : Uneven(parts, stages, none, microBatches);

        // As in one pool, an exchange may run beside the longest pass of the pipeline.
        DeviceParameters<T>[] fullest = Fullest(parts, alike);
        (Seconds<T> DataAtEnd, Seconds<T> Optimizer)[] after = [.. parts.Select((part, i) => Step.AfterPasses(
            part.Layers, fullest[i], part.Plan, part.Shape, part.Groups, whole, part.Machine, part.Software))];
        Seconds<T> longest = after.Select(static each => each.DataAtEnd + each.Optimizer).Aggregate(Seconds<T>.Max);
        Seconds<T> together = new Seconds<T>(makespan) + longest;
        StackInputs<T> stack = parts[0].Machine.Stack;
        T nodes = parts.Select(static part => part.Plan.Devices / part.Machine.DevicesPerNode).Aggregate(T.Max);
        Seconds<T> straggling = Step.Straggling(together, nodes, stack.Straggling);
        Seconds<T> duration = (together + straggling + stack.StepConstant).Named(Equations.StepAcrossPoolsTime);
        Seconds<T> exposed = new Seconds<T>(makespan - alone).Named(Equations.PipelineCommunicationTime);
        return [.. parts.Select((part, i) =>
        {
            (Seconds<T> dataAtEnd, Seconds<T> optimizer) = after[i];
            Seconds<T> busy = new(part.Plan.MicroBatches * StageTimes.Busiest(stages[i], part.Shape));
            Seconds<T> waiting = new Seconds<T>(alone) - busy + (longest - dataAtEnd - optimizer);
            return new StepCost<T>(
                duration,
                waiting.Named(Equations.BubbleTime),
                exposed,
                dataAtEnd,
                optimizer,
                straggling,
                stack.StepConstant,
                DevicePhases<T>.Mean(part.Layers, part.Plan, part.Shape, stages[i], dataAtEnd + exposed, optimizer));
        })];
    }

    // The parameters of a device on the fullest stage of each pool, of pools that are alike on that of the pipeline.
    private static DeviceParameters<T>[] Fullest<T>(IReadOnlyList<PipelinePart<T>> parts, bool alike)
        where T : struct, IReal<T>
    {
        DeviceParameters<T>[] own = [.. parts.Select(static part => part.Layers.Parameters.FullestStage(part.Plan, part.Shape))];
        if (alike)
        {
            Array.Fill(own, own.Aggregate(static (left, right) =>
                new(T.Max(left.Common, right.Common), T.Max(left.Experts, right.Experts))));
        }

        return own;
    }

    private static T Alike<T>(PipelinePart<T> part, in PipelineStages<T> whole, T transfer)
        where T : struct, IReal<T> => PipelineSchedule.Makespan(
            part.Shape.Schedule, part.Software.OverlapsTransfers, whole with { Transfer = transfer });

    // The pools as one pipeline.
    private static PipelineStages<T> Joined<T>(PipelineStages<T>[] stages)
        where T : struct, IReal<T>
    {
        PipelineStages<T> all = stages[0];
        foreach (PipelineStages<T> next in stages[1..])
        {
            all = all with
            {
                MiddleForward = T.Max(all.MiddleForward, next.MiddleForward),
                MiddleBackward = T.Max(all.MiddleBackward, next.MiddleBackward),
                LastForward = next.LastForward,
                LastBackward = next.LastBackward,
                MiddleForwardSum = all.MiddleForwardSum + next.MiddleForwardSum,
                MiddleBackwardSum = all.MiddleBackwardSum + next.MiddleBackwardSum,
            };
        }

        return all;
    }

    private static T Uneven<T>(
        IReadOnlyList<PipelinePart<T>> parts, PipelineStages<T>[] stages, T[] transfers, int microBatches)
        where T : struct, IReal<T>
    {
        List<T> forward = [];
        List<T> backward = [];
        for (int i = 0; i < parts.Count; i++)
        {
            PlanShape shape = parts[i].Shape;
            PipelineStages<T> own = stages[i];
            IReadOnlyList<int> layers = parts[i].StageLayers;
            int first = shape.HoldsFirst ? 1 : 0;
            int end = layers.Count - (shape.HoldsLast ? 1 : 0);
            for (int stage = 0; stage < layers.Count; stage++)
            {
                // Stages between first and last with fewer layers take their share of a full one.
                T share = T.Literal((double)layers[stage] / layers[Math.Min(first, layers.Count - 1)]);
                (T f, T b) = stage < first ? (own.FirstForward, own.FirstBackward)
                    : stage >= end ? (own.LastForward, own.LastBackward)
                    : (own.MiddleForward * share, own.MiddleBackward * share);
                forward.Add(f);
                backward.Add(b);
            }
        }

        return PipelineSchedule.Uneven<T>(
            parts[0].Shape.Schedule, [.. forward], [.. backward], transfers, microBatches);
    }

    private static T[] Transfers<T>(IReadOnlyList<PipelinePart<T>> parts)
        where T : struct, IReal<T>
    {
        List<T> transfers = [];
        for (int i = 0; i < parts.Count; i++)
        {
            PipelinePart<T> part = parts[i];
            T inside = Collectives.Transfer(part.Layers.Message, part.Shape.Transfer, part.Machine.Network).Value;
            transfers.AddRange(Enumerable.Repeat(inside, part.StageLayers.Count - 1));
            if (i + 1 < parts.Count)
            {
                PipelinePart<T> next = parts[i + 1];
                transfers.Add(T.Max(
                    Collectives.Transfer(part.Layers.Message, FabricTier.ScaleOut, part.Machine.Network).Value,
                    Collectives.Transfer(next.Layers.Message, FabricTier.ScaleOut, next.Machine.Network).Value));
            }
        }

        return [.. transfers];
    }
}
