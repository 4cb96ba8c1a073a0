using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>How a device spends a step, on average over the stages, by what it draws: the rest of the step it waits.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Products">Matrix products.</param>
/// <param name="Attention">Attention.</param>
/// <param name="Memory">Kernels that only move data, the optimizer among them.</param>
/// <param name="Communication">Exposed communication.</param>
public readonly record struct DevicePhases<T>(
    Seconds<T> Products, Seconds<T> Attention, Seconds<T> Memory, Seconds<T> Communication)
    where T : struct, IReal<T>
{
    /// <summary>The phases of a step.</summary>
    /// <param name="layers">A layer, the embedding and the head on one micro-batch.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="group">The data-parallel ranks.</param>
    /// <param name="machine">The device and the software.</param>
    /// <param name="communicationOnce">Communication that is exposed once in a step.</param>
    /// <param name="optimizer">The optimizer.</param>
    internal static DevicePhases<T> Mean(
        LayerCosts<T> layers,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in GroupInputs<T> group,
        MachineInputs<T> machine,
        Seconds<T> communicationOnce,
        Seconds<T> optimizer)
    {
        // A stage holds its share of the layers, of the embedding and of the head.
        T ends = plan.MicroBatches / plan.Pipeline;
        T count = plan.FirstLayers;
        if (shape.Pipelined)
        {
            count = count + plan.MiddleLayerTotal + plan.LastLayers;
        }

        count *= ends;
        PassTime<T> layer = layers.Layer.Both;
        PassTime<T> embedding = layers.Embedding.Both;
        PassTime<T> head = layers.Head.Both;
        Seconds<T> communication = (layer.Communication * count)
            + ((embedding.Communication + head.Communication) * ends) + communicationOnce;
        if (shape.Sharding >= Sharding.Zero2)
        {
            communication += StageTimes.DataExposed(layers, plan, shape, group, machine) * ends;
        }

        return new(
            (layer.Products * count) + (head.Products * ends),
            layer.Attention * count,
            (layer.Memory * count) + ((embedding.Memory + head.Memory) * ends) + optimizer,
            communication);
    }
}
