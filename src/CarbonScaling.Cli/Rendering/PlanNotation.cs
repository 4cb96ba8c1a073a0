using CarbonScaling.Planning;

namespace CarbonScaling.Cli.Rendering;

/// <summary>Plans in a few words.</summary>
internal static class PlanNotation
{
    /// <summary>The degrees whose product is the number of devices.</summary>
    public static string Degrees(EstimatedPlan plan)
    {
        (string Name, int Degree)[] degrees =
        [
            ("tensor", plan.Tensor), ("context", plan.Context), ("pipeline", plan.Pipeline), ("data", plan.Data),
        ];
        return string.Join(
            " × ",
            degrees.Where(static each => each.Degree > 1 || each.Name is "tensor" or "pipeline" or "data")
                .Select(static each => $"{each.Name} {Human.Number(each.Degree)}"));
    }

    /// <summary>The whole plan, for example <c>t8 p16 v8 d128 b1 m16 sp zero1 none interleaved</c>.</summary>
    public static string Whole(EstimatedPlan plan) => string.Join(
        ' ',
        new[]
        {
            $"t{plan.Tensor}",
            $"p{plan.Pipeline}",
            plan.VirtualStages > 1 ? $"v{plan.VirtualStages}" : "",
            plan.Context > 1 ? $"c{plan.Context} {plan.ContextMode}" : "",
            $"d{plan.Data}",
            plan.Expert > 1 ? $"e{plan.Expert}" : "",
            plan.ExpertTensor > 1 ? $"x{plan.ExpertTensor}" : "",
            $"b{plan.MicroBatch}",
            $"m{plan.MicroBatches}",
            plan.SequenceParallel ? "sp" : "",
            plan.Sharding == "none" ? "" : plan.ShardGroup > 0 ? $"{plan.Sharding}({plan.ShardGroup})" : plan.Sharding,
            plan.Recompute == "none" ? "" : plan.Recompute,
            plan.TensorOverlap == "none" ? "" : $"overlap {plan.TensorOverlap}",
            plan.Offload == "none" ? "" : $"offload {plan.Offload}",
            plan.Schedule,
            plan.Pools is { } form ? $"pools {form}" : "",
        }.Where(static word => word.Length > 0));

    /// <summary>What a plan has beside degrees, schedule and sharding: experts, parts of a sequence, overlap, offload.</summary>
    public static string Beside(EstimatedPlan plan) => string.Join(
        "; ",
        new[]
        {
            plan.Expert > 1 || plan.ExpertTensor > 1
                ? $"experts over {Human.Number(plan.Expert)} ranks{(plan.ExpertTensor > 1 ? $" of {Human.Number(plan.ExpertTensor)}" : "")}"
                : "",
            plan.Context > 1 ? $"sequences by {plan.ContextMode}" : "",
            plan.TensorOverlap == "none" ? "" : $"tensor overlap {plan.TensorOverlap}",
            plan.Offload == "none" ? "" : $"offload {plan.Offload}",
        }.Where(static part => part.Length > 0));

    /// <summary>What is computed again, in a short word.</summary>
    public static string Recompute(EstimatedPlan plan) => plan.Recompute == "selective" ? "sel." : plan.Recompute;

    /// <summary>The schedule in a short word.</summary>
    public static string Schedule(EstimatedPlan plan) => plan.Schedule == "interleaved" ? "intl." : plan.Schedule;
}
