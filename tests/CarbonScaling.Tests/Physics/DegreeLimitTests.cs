using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Evaluations;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Physics;

/// <summary>At the end of its range every choice of a plan becomes another one, or costs nothing.</summary>
public sealed class DegreeLimitTests
{
    private const double Rounding = 1e-12;

    private const string Mixture = """
        model: mixtral-8x7b
        training: { tokens: 1T, sequenceLength: 4096, globalBatchSequences: 256 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, pipeline: 4, microBatch: 2 }
        site: { grid: fr }
        """;

    private const string Leading = """
        model: deepseek-v2-lite
        training: { tokens: 1T, sequenceLength: 4096, globalBatchSequences: 256 }
        cluster: { system: dgx-h100, devices: 48 }
        plan: { expert: 8, pipeline: 3, data: 16, recompute: full }
        site: { grid: fr }
        """;

    [Theory]
    [InlineData("plan.context=1", "plan.contextMode=ulysses")]
    [InlineData("plan.context=1", "plan.contextMode=allgather")]
    [InlineData("plan.expert=1", "plan.expertTensor=1")]
    [InlineData("plan.expert=1", "software.moeDispatcher=deepep")]
    [InlineData("plan.expert=1", "software.moeDispatcher=allgather")]
    [InlineData("plan.recompute=none", "plan.offload=[]")]
    public void A_degree_of_one_is_the_plan_without_it(params string[] settings) =>
        Same(Worlds.Estimate(Mixture), Worlds.Estimate(Mixture, settings));

    [Theory]
    [InlineData(Mixture, "plan={ tensor: 2, expert: 4, microBatch: 1 }", 32)]
    [InlineData(Mixture, "plan={ context: 2, expert: 8, pipeline: 2 }", 32)]
    [InlineData(Leading, "plan={ expert: 8, recompute: full, offload: activations }", 64)]
    public void A_shard_group_of_all_copies_is_sharding_of_all(string text, string plan, int copies)
    {
        Estimate all = Worlds.Estimate(text, "cluster.devices=64", plan, "plan.sharding=zero3");
        Same(all, Worlds.Estimate(text, "cluster.devices=64", plan, "plan.sharding=hsdp", FormattableString.Invariant($"plan.shardGroup={copies}")));
    }

    [Fact]
    public void A_shard_group_of_one_keeps_all_and_sums_the_gradients_as_without_sharding()
    {
        // With one stage and one bucket: the same weights and optimizer everywhere, and the same all-reduce at the end. A shard
        // group of one holds two layers whole beside its own copy.
        const string Plan = "plan={ expert: 8, microBatch: 1 }";
        Estimate none = Worlds.Estimate(Mixture, Plan, "plan.sharding=none", "software.overlap.data=false");
        Estimate one = Worlds.Estimate(Mixture, Plan, "plan.sharding=hsdp", "plan.shardGroup=1", "software.overlap.data=false");
        Assert.Equal(1, one.Step.DataCommSeconds / none.Step.DataCommSeconds, Rounding);
        Assert.Equal(1, one.Step.Seconds / none.Step.Seconds, Rounding);
        Assert.Equal(none.Memory.OptimizerBytes, one.Memory.OptimizerBytes);
        Assert.Equal(none.Memory.GradientsBytes, one.Memory.GradientsBytes);
    }

    [Theory]
    [InlineData(Mixture, "plan={ tensor: 2, pipeline: 4, recompute: full }", 8)]
    [InlineData(Leading, "plan.recompute=full", 9)]
    public void Computing_every_layer_again_is_full_recomputation(string text, string full, int layers) => Same(
        Worlds.Estimate(text, full), Worlds.Estimate(text, full, FormattableString.Invariant($"plan.recompute={{ layers: {layers} }}")));

    [Fact]
    public void Every_further_layer_computed_again_takes_longer_and_keeps_less()
    {
        Estimate[] by = [.. Enumerable.Range(1, 9).Select(layers => Worlds.Estimate(Leading, $"plan.recompute={{ layers: {layers} }}"))];
        Assert.All(by.Zip(by.Skip(1)), pair =>
        {
            Assert.True(pair.Second.Step.Seconds > pair.First.Step.Seconds);
            Assert.True(pair.Second.Step.Hfu / pair.Second.Step.Mfu > pair.First.Step.Hfu / pair.First.Step.Mfu);
            Assert.True(pair.Second.Memory.ActivationsBytes < pair.First.Memory.ActivationsBytes);
        });
        Assert.True(by[0].Step.Seconds > Worlds.Estimate(Leading, "plan.recompute=none").Step.Seconds);
        Assert.True(by[0].Memory.ActivationsBytes < Worlds.Estimate(Leading, "plan.recompute=none").Memory.ActivationsBytes);
    }

    [Theory]
    [InlineData("model.window=8192")]
    [InlineData("model.window=8192", "model.windowKind=chunked")]
    [InlineData("model.window=65536")]
    [InlineData("model.window=65536", "model.windowKind=chunked")]
    [InlineData("model.window=8192", "model.windowFullInterval=4")]
    public void A_window_of_the_whole_sequence_is_none(params string[] settings)
    {
        const string Text = """
            model: { layers: 8, hidden: 2048, feedForward: 8192, heads: 16, vocabulary: 32000 }
            training: { tokens: 10G, sequenceLength: 8192, globalBatchSequences: 64 }
            cluster: { system: dgx-h100, devices: 16 }
            plan: { context: 2 }
            site: { grid: fr }
            """;
        Estimate full = Worlds.Estimate(Text);
        Estimate windowed = Worlds.Estimate(Text, settings);
        Assert.Equal(1, windowed.Step.Seconds / full.Step.Seconds, Rounding);
        Assert.Equal(1, windowed.Step.ModelTflopsPerDevice / full.Step.ModelTflopsPerDevice, Rounding);
        Assert.True(Worlds.Estimate(Text, "model.window=4096").Step.Seconds < full.Step.Seconds);
    }

    [Theory]
    [InlineData("activations")]
    [InlineData("weights")]
    [InlineData("[activations, weights]")]
    public void What_a_host_without_limits_keeps_costs_nothing(string kept)
    {
        RandomJob job = RandomJobs.TryMake(Mixture)!;
        RandomJob offloaded = job.With($"plan.offload={kept}")!;
        double without = Seconds(job, 1);
        Assert.Equal(1, Seconds(offloaded, 1e12) / without, 1e-9);
        Assert.True(Seconds(offloaded, 1) > without);
        Assert.True(offloaded.Estimate.Memory.TotalBytes < job.Estimate.Memory.TotalBytes);
    }

    [Fact]
    public void An_optimizer_on_a_host_without_limits_takes_no_time()
    {
        RandomJob offloaded = RandomJobs.TryMake(Mixture, "plan.offload=optimizer")!;
        Assert.Equal(0, Assess(offloaded, 1e15).Cost.Step.Optimizer.Value.Value, 9);

        // Gradients of 4 B down and weights of 2 B up over the link, and 34 B a parameter in the host's memory.
        HostInputs<Scalar> host = new(new(new(50e9)), new(new(100e9)));
        double seconds = HostCopy.OptimizerStep(new(new(4e9)), new Bytes<Scalar>(new(2e9)), new(new(34e9)), host).Value.Value;
        Assert.Equal(0.08 + 0.04 + 0.34, seconds, 12);
    }

    [Fact]
    public void Links_without_limits_leave_no_communication_exposed() => Assert.All(RandomJobs.All, job =>
    {
        if (job.Plan.Plan.TensorOverlap != TensorOverlap.None)
        {
            // Pieces of a product are launched one by one however fast the links are.
            return;
        }

        CarbonJob fast = Links(job.Resolved.Job, factor: 1e18, latency: 0);
        Assessment<Scalar> result = job.Assess<Scalar>(fast);
        string[] paths = ["tensorCommSeconds", "pipelineCommSeconds", "dataCommSeconds", "expertCommSeconds", "contextCommSeconds"];
        Assert.All(paths, path => Assert.InRange(
            Readings.Read("step." + path, result).Value, -1e-9, 1e-9 * result.Cost.Step.Duration.Value.Value));
    });

    [Fact]
    public void Faster_links_and_memory_never_slow_the_same_plan()
    {
        Random random = new(11);
        Assert.All(RandomJobs.All, job =>
        {
            double before = job.Assess<Scalar>().Cost.Step.Duration.Value.Value;
            double factor = 1 + (3 * random.NextDouble());
            CarbonJob faster = Links(job.Resolved.Job, factor, latency: 1);
            double after = job.Assess<Scalar>(faster).Cost.Step.Duration.Value.Value;
            Assert.True(after <= before * (1 + Rounding), $"{before} s became {after} s with {factor} times the links");
            double moved = job.Assess<Scalar>(Memory(faster, factor)).Cost.Step.Duration.Value.Value;

            // Where copies from the host decide a pass, shorter gradients of weights fill less of the bubble of the schedules that
            // wait with them.
            bool waits = job.Plan.Plan is { Schedule: >= PipelineScheduleKind.ZeroBubbleH1, Offload: not Offload.None };
            double allowed = waits ? 1e-3 : Rounding;
            Assert.True(moved <= after * (1 + allowed), $"{after} s became {moved} s with {factor} times the memory");
        });
    }

    private static void Same(Estimate expected, Estimate actual)
    {
        Assert.Equal(expected.Memory with { Stages = [] }, actual.Memory with { Stages = [] });
        Assert.Equal(expected.Memory.Stages, actual.Memory.Stages);
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Run, actual.Run);
        Assert.Equal(expected.Energy, actual.Energy);
        Assert.Equal(expected.Carbon, actual.Carbon);
    }

    private static double Seconds(RandomJob job, double factor) => Assess(job, factor).Cost.Step.Duration.Value.Value;

    // The host link and the memory of the host, so many times faster.
    private static Assessment<Scalar> Assess(RandomJob job, double factor)
    {
        TrainingJob training = job.Resolved.Job.Training;
        NodeSystem system = training.Cluster.System;
        ModelParameters parameters = training.Parameters;
        return job.Assess<Scalar>(job.Resolved.Job with
        {
            Training = training with
            {
                Parameters = parameters.With("host.memoryBandwidth", parameters["host.memoryBandwidth"].Value * factor),
                Cluster = training.Cluster with
                {
                    System = system with { HostLinkBandwidth = Times(system.HostLinkBandwidth, factor) },
                },
            },
        });
    }

    // All links between devices so many times faster, and their latencies by a factor of their own.
    private static CarbonJob Links(CarbonJob job, double factor, double latency)
    {
        TrainingJob training = job.Training;
        NodeSystem system = training.Cluster.System;
        Dictionary<string, Figure> figures = new(training.Parameters.Figures, StringComparer.Ordinal);
        foreach (string name in training.Parameters.Figures.Keys)
        {
            if (name.EndsWith(".busBandwidth", StringComparison.Ordinal))
            {
                figures[name] = Times(figures[name], factor);
            }
            else if (name.StartsWith("collective.", StringComparison.Ordinal) || name.StartsWith("pointToPoint.", StringComparison.Ordinal))
            {
                bool starts = name.Contains("atency", StringComparison.Ordinal);
                figures[name] = starts ? Times(figures[name], latency) : figures[name];
            }
        }

        return job with
        {
            Training = training with
            {
                Parameters = new(training.Parameters.Id, figures),
                Cluster = training.Cluster with
                {
                    System = system with
                    {
                        NicBandwidth = Times(system.NicBandwidth, factor),
                        ScaleUp = system.ScaleUp with
                        {
                            Bandwidth = Times(system.ScaleUp.Bandwidth, factor),
                            LinkBandwidth = Times(system.ScaleUp.LinkBandwidth, factor),
                        },
                    },
                },
            },
        };
    }

    private static CarbonJob Memory(CarbonJob job, double factor)
    {
        NodeSystem system = job.Training.Cluster.System;
        Accelerator device = system.Accelerator with { MemoryBandwidth = Times(system.Accelerator.MemoryBandwidth, factor) };
        return job with
        {
            Training = job.Training with { Cluster = job.Training.Cluster with { System = system with { Accelerator = device } } },
        };
    }

    private static Figure? Times(Figure? figure, double factor) => figure is { } given ? Times(given, factor) : null;

    private static Figure Times(Figure figure, double factor) => figure with { Value = figure.Value * factor };
}
