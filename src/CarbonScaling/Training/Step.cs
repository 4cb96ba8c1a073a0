using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>The parts that a step is combined from.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Layer">One layer on one micro-batch.</param>
/// <param name="Embedding">The embedding on one micro-batch.</param>
/// <param name="Head">The head on one micro-batch.</param>
/// <param name="Transfer">One transfer between stages.</param>
/// <param name="Data">The exchange among data-parallel ranks, of the fullest stage.</param>
/// <param name="Optimizer">The optimizer step on the fullest stage.</param>
/// <param name="Nodes">Nodes that wait for each other.</param>
/// <param name="Machine">The device and the software.</param>
public readonly record struct StepParts<T>(
    PassPair<T> Layer,
    PassPair<T> Embedding,
    PassPair<T> Head,
    Seconds<T> Transfer,
    DataParallelInputs<T> Data,
    Seconds<T> Optimizer,
    T Nodes,
    MachineInputs<T> Machine)
    where T : struct, IReal<T>;

/// <summary>Time of a training step and where it goes.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Duration">The whole step.</param>
/// <param name="Bottleneck">Where the busiest stage spends the passes of all its micro-batches.</param>
/// <param name="Bubble">What the busiest stage waits for other stages.</param>
/// <param name="PipelineCommunication">Exposed transfers between stages.</param>
/// <param name="DataAtEnd">Exposed exchange among data-parallel ranks at the end of the step.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Straggling">Waiting for the slowest node.</param>
/// <param name="Constant">What every step takes on top.</param>
/// <param name="MeanStage">Where a stage spends the passes of all its micro-batches, on average over the stages.</param>
public readonly record struct StepCost<T>(
    Seconds<T> Duration,
    PassTime<T> Bottleneck,
    Seconds<T> Bubble,
    Seconds<T> PipelineCommunication,
    Seconds<T> DataAtEnd,
    Seconds<T> Optimizer,
    Seconds<T> Straggling,
    Seconds<T> Constant,
    PassTime<T> MeanStage)
    where T : struct, IReal<T>;

/// <summary>Combines layers, stages and exchanges to a training step.</summary>
public static class Step
{
    /// <summary>Time of a step.</summary>
    /// <remarks>Eq. STEP-1: makespan of the schedule + exposed exchange at its end + optimizer + straggling + constant.</remarks>
    /// <param name="parts">What it is combined from.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="software">The training software.</param>
    public static StepCost<T> Combine<T>(in StepParts<T> parts, in PlanInputs<T> plan, in PlanShape shape, Software software)
        where T : struct, IReal<T>
    {
        StageTimes<T> stages = StageTimes<T>.Of(parts, plan, shape);
        BusiestStage<T> busiest = stages.Busiest(plan, shape);
        Seconds<T> busy = busiest.Time.Both * plan.MicroBatches;
        Seconds<T> alone = shape.Pipelined
            ? Schedule(stages, plan, shape, software, Seconds<T>.Zero)
            : busy;
        Seconds<T> makespan = shape.Pipelined ? Schedule(stages, plan, shape, software, parts.Transfer) : alone;
        Seconds<T> dataAtEnd = DataParallel.EndOfStep(parts.Data, shape.Sharding, software, busiest.Time, parts.Machine);
        Seconds<T> constant = parts.Machine.Stack.StepConstant;
        Seconds<T> together = makespan + dataAtEnd + parts.Optimizer;
        Seconds<T> straggling = Straggling(together, parts.Nodes, parts.Machine.Stack.Straggling);
        return new(
            (together + straggling + constant).Named(Equations.StepTime),
            Passes(busiest.Parts, busiest.Time.Data, plan.MicroBatches, parts),
            (alone - busy).Named(Equations.BubbleTime),
            (makespan - alone).Named(Equations.PipelineCommunicationTime),
            dataAtEnd,
            parts.Optimizer,
            straggling,
            constant,
            Mean(stages, parts, plan, shape));
    }

    // Where a stage spends its passes, from what it holds.
    private static PassTime<T> Passes<T>(in StageParts<T> stage, Seconds<T> data, T times, in StepParts<T> parts)
        where T : struct, IReal<T>
    {
        PassTime<T> passes = (parts.Layer.Both * (stage.Layers * times))
            + (parts.Embedding.Both * (stage.Embedding * times))
            + (parts.Head.Both * (stage.Head * times));
        return passes with { DataCommunication = data * times };
    }

    private static PassTime<T> Mean<T>(
        in StageTimes<T> stages, in StepParts<T> parts, in PlanInputs<T> plan, in PlanShape shape)
        where T : struct, IReal<T>
    {
        T one = T.Literal(1);
        StageParts<T> all = shape.Pipelined
            ? new(plan.FirstLayers + plan.MiddleLayerTotal + plan.LastLayers, one, one)
            : new(plan.FirstLayers, one, one);
        Seconds<T> data = shape.Pipelined
            ? stages.First.Data + (stages.Middle.Data * stages.MiddleShare) + stages.Last.Data
            : stages.First.Data;
        return Passes(all, data, plan.MicroBatches / plan.Pipeline, parts);
    }

    /// <summary>What a synchronous step waits for the slowest of its nodes.</summary>
    /// <remarks>Eq. STEP-14: T·σ·√(2 ln nodes), the expected greatest of normal deviates.</remarks>
    private static Seconds<T> Straggling<T>(Seconds<T> step, T nodes, T deviation)
        where T : struct, IReal<T>
    {
        T spread = T.Sqrt(T.Literal(2) * T.Log(T.Max(nodes, T.Literal(1))));
        return (step * (deviation * spread)).Named(Equations.StragglingTime);
    }

    private static Seconds<T> Schedule<T>(
        in StageTimes<T> stages, in PlanInputs<T> plan, in PlanShape shape, Software software, Seconds<T> transfer)
        where T : struct, IReal<T>
    {
        PipelineStages<T> pipeline = new(
            stages.First.Forward.Value,
            stages.First.Backward.Value,
            stages.Middle.Forward.Value,
            stages.Middle.Backward.Value,
            stages.Last.Forward.Value,
            stages.Last.Backward.Value,
            stages.Middle.Forward.Value * stages.MiddleShare,
            stages.Middle.Backward.Value * stages.MiddleShare,
            plan.Pipeline,
            plan.MicroBatches,
            plan.VirtualStages,
            transfer.Value);
        return new(PipelineSchedule.Makespan(shape.Schedule, software.OverlapsTransfers, pipeline));
    }
}
