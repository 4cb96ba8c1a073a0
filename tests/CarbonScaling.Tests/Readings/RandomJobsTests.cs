using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>The random cases cover what they claim to.</summary>
public sealed class RandomJobsTests
{
    [Fact]
    public void Every_choice_occurs()
    {
        Covers(RandomJobs.Models, job => job.Estimate.Model.Id);
        Covers(RandomJobs.Systems, job => job.Estimate.Cluster.System);
        Covers([false, true], job => job.Resolved.Job.Training.Dropout);
        Covers([false, true], job => job.Resolved.Job.Reliability is not null);
        Covers([false, true], job => job.Resolved.Job.Reliability?.Asynchronous ?? false);
        Covers([false, true], job => job.Plan.Plan.SequenceParallel);
        Covers([false, true], job => job.Plan.Plan.Pipeline > 1);
        Covers([false, true], job => job.Plan.Plan.Tensor > job.Resolved.Job.Training.Cluster.DomainSize);
        Covers(Enum.GetValues<NumberFormat>(), job => job.Resolved.Job.Training.Format);
        Covers(Enum.GetValues<SoftwareStack>(), job => job.Resolved.Job.Training.Software.Stack);
        Covers(Enum.GetValues<AttentionKernel>(), job => job.Resolved.Job.Training.Software.Attention);
        Covers(Enum.GetValues<Sharding>(), job => job.Plan.Plan.Sharding);
        Covers(Enum.GetValues<Recomputation>(), job => job.Plan.Plan.Recompute.Kind);
        Covers(Enum.GetValues<PipelineScheduleKind>(), job => job.Plan.Plan.Schedule);
        Covers(Enum.GetValues<ContextMode>(), job => job.Plan.Plan is { Context: > 1 } plan ? plan.ContextMode : null as ContextMode?);
        Covers(Enum.GetValues<TensorOverlap>(), job => job.Plan.Plan is { Tensor: > 1 } plan ? plan.TensorOverlap : null as TensorOverlap?);
        Covers(Enum.GetValues<MoeDispatcher>(), job => job.Plan.Plan is { Expert: > 1 } ? job.Resolved.Job.Training.Software.MoeDispatcher : null as MoeDispatcher?);
        Covers([Offload.None, Offload.Optimizer, Offload.Activations, Offload.Activations | Offload.Weights], job => job.Plan.Plan.Offload);
        Covers([false, true], job => job.Plan.Plan.ExpertTensor > 1);
        Covers([false, true], job => job.Plan.Plan.ShardGroup > 1);
        Covers([false, true], job => job.Plan.Plan.Recompute is { Layers: > 0 });
        Covers([false, true], job => job.Plan.Plan.Recompute.Modules.HasFlag(RecomputeModules.Mlp));
        Covers([FabricTier.None, FabricTier.ScaleUp, FabricTier.Both], job => job.Assess<Scalar>().Shape.Expert.Tier);
    }

    private static void Covers<T>(T[] choices, Func<RandomJob, T?> choiceOf)
        where T : struct =>
        Covers([.. choices.Select(choice => (T?)choice)], choiceOf);

    private static void Covers<T>(T[] choices, Func<RandomJob, T> choiceOf)
    {
        HashSet<T> drawn = [.. RandomJobs.All.Select(choiceOf)];
        Assert.All(choices, choice => Assert.Contains(choice, drawn));
    }
}
