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
    /// <summary>The phases of a step, on average over the stages of a pool.</summary>
    /// <param name="costs">A layer, the embedding and the head on one micro-batch.</param>
    /// <param name="plan">The numbers of the plan.</param>
    /// <param name="shape">The discrete side of the plan.</param>
    /// <param name="stages">Passes of a micro-batch through the stages.</param>
    /// <param name="communicationOnce">Communication that is exposed once in a step.</param>
    /// <param name="optimizer">The optimizer.</param>
    internal static DevicePhases<T> Mean(
        LayerCosts<T> costs,
        in PlanInputs<T> plan,
        in PlanShape shape,
        in PipelineStages<T> stages,
        Seconds<T> communicationOnce,
        Seconds<T> optimizer)
    {
        // A stage holds its share of the layers, of the embedding and of the head.
        T ends = plan.MicroBatches / plan.HeldStages;
        T count = plan.FirstLayers;
        if (shape.Pipelined)
        {
            count = count + plan.MiddleLayerTotal + plan.LastLayers;
        }

        count *= ends;
        PassTime<T> layer = costs.Layer.Both;
        PassTime<T> embedding = shape.HoldsFirst ? costs.Embedding.Both : PassTime<T>.Zero;
        PassTime<T> head = shape.HoldsLast ? costs.Head.Both : PassTime<T>.Zero;
        Seconds<T> communication = (layer.Communication * count)
            + ((embedding.Communication + head.Communication) * ends) + communicationOnce;
        Seconds<T> products = (layer.Products * count) + (head.Products * ends);
        Seconds<T> attention = (layer.Attention * count) + (head.Attention * ends);
        Seconds<T> memory = (layer.Memory * count) + ((embedding.Memory + head.Memory) * ends) + optimizer;
        if (costs.HasLeading)
        {
            T leading = plan.LeadingLayers * ends;
            PassTime<T> other = costs.Leading.Both;
            communication += (other.Communication - layer.Communication) * leading;
            products += (other.Products - layer.Products) * leading;
            memory += (other.Memory - layer.Memory) * leading;
        }

        if (shape.Recompute.Kind == Recomputation.Full)
        {
            PassTime<T> again = costs.Layer.ForwardParts;
            T repeated = ExecutedFlops.RecomputedLayers(plan, shape) * ends;
            communication += again.Communication * repeated;
            products += again.Products * repeated;
            attention += again.Attention * repeated;
            memory += again.Memory * repeated;
            if (costs.HasLeading)
            {
                T leading = StageTimes.RecomputedLeading(plan) * ends;
                PassTime<T> other = costs.Leading.ForwardParts;
                communication += (other.Communication - again.Communication) * leading;
                products += (other.Products - again.Products) * leading;
                memory += (other.Memory - again.Memory) * leading;
            }
        }

        if (shape.ShardsGradients || shape.Offload.HasFlag(Offload.Weights))
        {
            communication += StageTimes.DataExposed(costs, plan, shape, stages) * ends;
        }

        return new(
            products,
            attention,
            memory,
            shape.HidesExperts
                ? communication - (costs.Layer.Hidden * (count - (plan.LeadingLayers * ends))) - (costs.Head.Hidden * ends)
                : communication);
    }
}
