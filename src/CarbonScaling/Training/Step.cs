using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Time of a training step and where it goes.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Duration">The whole step.</param>
/// <param name="Bubble">What the busiest stage waits for other stages.</param>
/// <param name="PipelineCommunication">Exposed transfers between stages.</param>
/// <param name="DataAtEnd">Exposed exchange among data-parallel ranks at the end of the step.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Straggling">Waiting for the slowest node.</param>
/// <param name="Constant">What every step takes on top.</param>
/// <param name="Phases">How a device spends the step, on average over the stages.</param>
public readonly record struct StepCost<T>(
    Seconds<T> Duration,
    Seconds<T> Bubble,
    Seconds<T> PipelineCommunication,
    Seconds<T> DataAtEnd,
    Seconds<T> Optimizer,
    Seconds<T> Straggling,
    Seconds<T> Constant,
    DevicePhases<T> Phases)
    where T : struct, IReal<T>;

/// <summary>Combines layers, stages and exchanges to a training step.</summary>
public static class Step
{
    /// <summary>Time of a step.</summary>
    /// <remarks>
    /// Eq. STEP-1 to STEP-3: makespan of the schedule + exposed exchange at its end + optimizer + straggling + constant;
    /// the bubble is the makespan without transfers less the passes of the busiest stage, the exposed transfers the rest.
    /// </remarks>
    /// <param name="layers">A layer, the embedding and the head on one micro-batch.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="groups">The ranks that exchange weights and gradients.</param>
    /// <param name="machine">The device and the software.</param>
    /// <param name="software">The training software.</param>
    public static StepCost<T> Combine<T>(
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in ExchangeGroups<T> groups,
        MachineInputs<T> machine,
        Software software)
        where T : struct, IReal<T>
    {
        PipelineStages<T> stages = StageTimes.Of(layers, plan, shape, groups, machine);
        T busy = plan.MicroBatches * StageTimes.Busiest(stages, shape);
        T alone = busy;
        T makespan = busy;
        if (shape.Pipelined)
        {
            Seconds<T> transfer = Collectives.Transfer(layers.Message, shape.Transfer, machine.Network);
            alone = PipelineSchedule.Makespan(shape.Schedule, software.OverlapsTransfers, stages);
            makespan = PipelineSchedule.Makespan(
                shape.Schedule, software.OverlapsTransfers, stages with { Transfer = transfer.Value });
        }

        (Seconds<T> dataAtEnd, Seconds<T> optimizer) = AfterPasses(
            layers, layers.Parameters.FullestStage(plan, shape), plan, shape, groups, stages, machine, software);
        Seconds<T> together = new Seconds<T>(makespan) + dataAtEnd + optimizer;
        Seconds<T> straggling = Straggling(together, plan.Devices / machine.DevicesPerNode, machine.Stack.Straggling);
        Seconds<T> transfers = new Seconds<T>(makespan - alone).Named(Equations.PipelineCommunicationTime);
        return new(
            (together + straggling + machine.Stack.StepConstant).Named(Equations.StepTime),
            new Seconds<T>(alone - busy).Named(Equations.BubbleTime),
            transfers,
            dataAtEnd,
            optimizer,
            straggling,
            machine.Stack.StepConstant,
            DevicePhases<T>.Mean(layers, plan, shape, stages, dataAtEnd + transfers, optimizer));
    }

    /// <summary>What follows the passes: the exchange among data-parallel ranks, as far as it is exposed, and the optimizer.</summary>
    /// <param name="layers">A layer, the embedding and the head on one micro-batch.</param>
    /// <param name="parameters">Parameters of a device on the fullest stage.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="groups">The ranks that exchange weights and gradients.</param>
    /// <param name="stages">Passes of a micro-batch, of all pools.</param>
    /// <param name="machine">The device and the software.</param>
    /// <param name="software">The training software.</param>
    internal static (Seconds<T> DataAtEnd, Seconds<T> Optimizer) AfterPasses<T>(
        LayerCosts<T> layers,
        in DeviceParameters<T> parameters,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in ExchangeGroups<T> groups,
        in PipelineStages<T> stages,
        MachineInputs<T> machine,
        Software software)
        where T : struct, IReal<T>
    {
        Seconds<T> dataAtEnd = DataParallel.EndOfStep(parameters, groups, shape, software, stages, machine);
        if (shape is { Pipelined: true, PairsEnds: false } && layers.Parameters.Tied)
        {
            dataAtEnd += DataParallel.TiedEmbedding(layers.Parameters.Head, shape, machine);
        }

        return (dataAtEnd, Optimizer.Time(parameters, shape, StateRanks<T>.Of(plan, shape), machine));
    }

    /// <summary>What a synchronous step waits for the slowest of its nodes.</summary>
    /// <remarks>Eq. STEP-14: T·σ·M(nodes), M the expected greatest of normal deviates.</remarks>
    internal static Seconds<T> Straggling<T>(Seconds<T> step, T nodes, T deviation)
        where T : struct, IReal<T> =>
        (step * (deviation * NormalMaximum.Of(nodes))).Named(Equations.StragglingTime);
}
