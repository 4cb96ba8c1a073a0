using CarbonScaling.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Evaluations;

/// <summary>What holds of the estimate of every legal job.</summary>
public sealed class EstimatePropertyTests
{
    /// <summary>Share by which sums may differ for the order of their terms.</summary>
    private const double Rounding = 1e-12;

    [Fact]
    public void Figures_are_finite_and_not_negative() => Assert.All(RandomJobs.All, job =>
    {
        Assessment<Scalar> result = job.Assess<Scalar>();
        foreach (string path in Readings.Paths)
        {
            double value = Readings.Read(path, result).Value;
            Assert.True(double.IsFinite(value) && value >= 0, $"{path} is {value}");
        }

        Assert.True(job.Estimate.Memory.TotalBytes > 0);
        Assert.True(job.Estimate.Step.Seconds > 0);
        Assert.True(job.Estimate.Step.Mfu < 1);
    });

    [Fact]
    public void Parts_sum_to_their_totals() => Assert.All(RandomJobs.All, job =>
    {
        EstimatedStep step = job.Estimate.Step;
        Sums(
            step.Seconds,
            step.ComputeSeconds,
            step.TensorCommSeconds,
            step.PipelineBubbleSeconds,
            step.PipelineCommSeconds,
            step.DataCommSeconds,
            step.ExpertCommSeconds,
            step.ContextCommSeconds,
            step.OptimizerSeconds,
            step.OtherSeconds);
        EstimatedMemory memory = job.Estimate.Memory;
        Sums(
            memory.TotalBytes,
            memory.WeightsBytes,
            memory.GradientsBytes,
            memory.OptimizerBytes,
            memory.ActivationsBytes,
            memory.OverheadBytes);
        EstimatedRun run = job.Estimate.Run;
        Sums(1, run.Goodput, run.LostToFailures, run.LostToCheckpoints);
        EstimatedEnergy energy = job.Estimate.Energy;
        Sums(energy.ItKwh, energy.AcceleratorKwh, energy.HostKwh, energy.NetworkKwh);
        EstimatedCarbon carbon = job.Estimate.Carbon;
        Sums(carbon.TotalKg, carbon.OperationalKg, carbon.EmbodiedKg);
        Sums(carbon.EmbodiedKg, carbon.EmbodiedAcceleratorKg, carbon.EmbodiedHostKg, carbon.EmbodiedNetworkKg);
    });

    [Fact]
    public void Stages_hold_the_model_and_the_fullest_is_the_memory() => Assert.All(RandomJobs.All, job =>
    {
        EstimatedMemory memory = job.Estimate.Memory;
        Assert.Equal(job.Plan.Plan.Pipeline, memory.Stages.Count);
        Assert.Equal(memory.TotalBytes, memory.Stages.Max(stage => stage.TotalBytes));
        Assert.Equal(job.Estimate.Model.Layers, memory.Stages.Sum(stage => stage.Layers));
    });

    [Fact]
    public void Model_flops_of_a_step_are_those_of_the_workload_alone()
    {
        var workloads = RandomJobs.All.GroupBy(
            job => (job.Estimate.Model.Id, job.Estimate.Model.SequenceLength, job.Estimate.Plan.GlobalBatchSequences));
        foreach (var workload in workloads)
        {
            double[] flops = [.. workload.Select(job => job.Estimate.Step.ModelTflopsPerDevice * job.Estimate.Cluster.Devices * job.Estimate.Step.Seconds)];
            Assert.All(flops, value => Assert.Equal(flops[0], value, Rounding * flops[0]));
        }

        Assert.Contains(workloads, workload => workload.Count() > 3);
    }

    [Fact]
    public void Hardware_utilisation_exceeds_model_utilisation_by_what_is_recomputed() => Assert.All(RandomJobs.All, job =>
    {
        EstimatedStep step = job.Estimate.Step;
        Assert.Equal("model-full", step.FlopsConvention);
        RecomputePlan recompute = job.Plan.Plan.Recompute;
        if (recompute.Kind == Recomputation.None
            || (recompute.Kind == Recomputation.Selective && !recompute.Modules.HasFlag(RecomputeModules.Attention)))
        {
            // Norms and nonlinearities are no FLOPs by any convention.
            Assert.Equal(step.Mfu, step.Hfu);
        }
        else
        {
            // Full recomputation repeats at most the forward third.
            Assert.InRange(step.Hfu / step.Mfu, 1 + Rounding, 4.0 / 3 + Rounding);
        }
    });

    [Fact]
    public void More_recomputation_keeps_fewer_activations() => Assert.All(RandomJobs.Some, job =>
    {
        IReadOnlyList<EstimatedStageMemory> none = job.With("plan.recompute=none")!.Estimate.Memory.Stages;
        IReadOnlyList<EstimatedStageMemory> selective = job.With("plan.recompute=selective")!.Estimate.Memory.Stages;
        IReadOnlyList<EstimatedStageMemory> full = job.With("plan.recompute=full")!.Estimate.Memory.Stages;
        for (int i = 0; i < none.Count; i++)
        {
            Assert.True(none[i].ActivationsBytes * (1 + Rounding) >= selective[i].ActivationsBytes);
            Assert.True(selective[i].ActivationsBytes * (1 + Rounding) >= full[i].ActivationsBytes);
        }
    });

    [Fact]
    public void Stronger_sharding_keeps_less_persistent_state() => Assert.All(RandomJobs.Some.Where(HasOneKindOfCopies), job =>
    {
        RandomJob strongest = job.With("plan.sharding=zero3")!;
        IReadOnlyList<EstimatedStageMemory>[] stages =
        [
            job.With("plan.sharding=none")!.Estimate.Memory.Stages,
            job.With("plan.sharding=zero1")!.Estimate.Memory.Stages,
            job.With("plan.sharding=zero2")!.Estimate.Memory.Stages,
            strongest.Estimate.Memory.Stages,
        ];

        // Two layers are whole at a time, where a stage has two, each with its gradient.
        Assessment<Scalar> result = strongest.Assess<Scalar>();
        StateBytes<Scalar> state = result.Inputs.State;
        double whole = ((state.Weight + state.Gradient) * result.Layer.Parameters.Layer).Value.Value;
        double data = result.Plan.Copies(result.Shape).Value;
        for (int stage = 0; stage < stages[0].Count; stage++)
        {
            double[] kept = [.. stages.Select(of => of[stage].WeightsBytes + of[stage].GradientsBytes + of[stage].OptimizerBytes)];
            kept[3] -= whole * Math.Min(2, result.Shape.PairsEnds ? 2 : stages[3][stage].Layers);
            for (int i = 1; i < kept.Length; i++)
            {
                double allowed = kept[i - 1] * (1 + Rounding);
                Assert.True(data.Equals(1) ? kept[i] <= allowed : kept[i] < allowed, $"stage {stage}, sharding {i}: {string.Join(", ", kept)}");
            }

            Assert.Equal(kept[0] / data, kept[3], Rounding * kept[0]);
        }
    });

    // Routed experts have fewer copies than the rest, a shard group has a number of its own, and what the host keeps is nowhere.
    private static bool HasOneKindOfCopies(RandomJob job) =>
        job.Resolved.Job.Training.Model.Experts is null
        && job.Plan.Plan is { Sharding: not Sharding.Hsdp, Offload: Offload.None };

    private static void Sums(double total, params double[] parts) => Assert.Equal(total, parts.Sum(), Rounding * total);
}
