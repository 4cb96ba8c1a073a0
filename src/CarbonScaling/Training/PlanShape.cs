using CarbonScaling.Hardware;

namespace CarbonScaling.Training;

/// <summary>The discrete side of a plan on a cluster: what equations branch on. Candidates of one shape share lanes.</summary>
/// <param name="Schedule">The pipeline schedule.</param>
/// <param name="Sharding">What data-parallel ranks split.</param>
/// <param name="Recomputation">What is computed again.</param>
/// <param name="SequenceParallel">Whether the residual stream is split over the tensor-parallel ranks.</param>
/// <param name="Pipelined">Whether there is more than one stage.</param>
/// <param name="TensorTier">Levels that the tensor-parallel ranks span.</param>
/// <param name="TensorLocalRanks">Tensor-parallel ranks in a domain.</param>
/// <param name="DataTier">Levels that the data-parallel ranks span.</param>
/// <param name="DataLocalRanks">Data-parallel ranks in a domain.</param>
/// <param name="TransferTier">Level that the transfers between stages cross.</param>
public readonly record struct PlanShape(
    PipelineScheduleKind Schedule,
    Sharding Sharding,
    Recomputation Recomputation,
    bool SequenceParallel,
    bool Pipelined,
    FabricTier TensorTier,
    int TensorLocalRanks,
    FabricTier DataTier,
    int DataLocalRanks,
    FabricTier TransferTier)
{
    /// <summary>The shape of a plan whose ranks are placed tensor first, then data, then pipeline.</summary>
    public static PlanShape Of(in TrainingPlan plan, int domainSize)
    {
        GroupPlacement tensor = GroupPlacement.Of(plan.Tensor, 1, domainSize);
        GroupPlacement data = GroupPlacement.Of(plan.Data, plan.Tensor, domainSize);
        FabricTier transfer = plan.Pipeline == 1
            ? FabricTier.None
            : plan.Devices <= domainSize ? FabricTier.ScaleUp : FabricTier.ScaleOut;
        return new(
            plan.Schedule,
            plan.Sharding,
            plan.Recompute.Kind,
            plan.SequenceParallel,
            plan.Pipeline > 1,
            tensor.Tier,
            tensor.LocalRanks,
            data.Tier,
            data.LocalRanks,
            transfer);
    }
}
