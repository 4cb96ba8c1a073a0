using CarbonScaling.Hardware;
using CarbonScaling.Training;

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
        Covers([SoftwareStack.Megatron2022, SoftwareStack.MegatronCore, SoftwareStack.Fsdp], job => job.Resolved.Job.Training.Software.Stack);
        Covers(Enum.GetValues<AttentionKernel>(), job => job.Resolved.Job.Training.Software.Attention);
        Covers([Sharding.None, Sharding.Zero1, Sharding.Zero2, Sharding.Zero3], job => job.Plan.Plan.Sharding);
        Covers(Enum.GetValues<Recomputation>(), job => job.Plan.Plan.Recompute.Kind);
        Covers(
            [PipelineScheduleKind.GPipe, PipelineScheduleKind.OneForwardOneBackward, PipelineScheduleKind.Interleaved],
            job => job.Plan.Plan.Schedule);
    }

    private static void Covers<T>(T[] choices, Func<RandomJob, T> choiceOf)
    {
        HashSet<T> drawn = [.. RandomJobs.All.Select(choiceOf)];
        Assert.All(choices, choice => Assert.Contains(choice, drawn));
    }
}
