using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Parts;

/// <summary>A training over pools of different accelerators.</summary>
public sealed class PoolTests
{
    private const string Mixed = """
        model: llama-2-70b
        training: { tokens: 2T, sequenceLength: 4096, globalBatchSequences: 1024 }
        cluster: { pools: [{ system: dgx-a100-80gb, devices: 512 }, { system: dgx-h100, devices: 512 }] }
        plan: { tensor: 8, pipeline: 4 }
        site: { grid: us-va }
        """;

    public static TheoryData<string, string> Forms { get; } = new()
    {
        { "data", "model=llama-2-70b" },
        { "data", "plan={tensor: 4, pipeline: 2, sharding: zero2}" },
        { "data", "plan={tensor: 2, pipeline: 4, virtualStages: 4, sharding: zero1, recompute: selective}" },
        { "data", "plan={tensor: 2, pipeline: 4, schedule: dualpipe, sharding: none}" },
        { "data", "plan={tensor: 8, context: 2, sharding: zero3}" },
        { "data", "plan={tensor: 4, sharding: hsdp, recompute: full}" },
        { "data", "model=mixtral-8x7b\nplan={tensor: 2, expert: 8, pipeline: 2}" },
        { "data", "cluster.network.oversubscription=2\nsoftware.overlap.data=false" },
        { "pipeline", "model=llama-2-70b" },
        { "pipeline", "plan={tensor: 8, pipeline: 8, sharding: zero2}" },
        { "pipeline", "plan={tensor: 4, pipeline: 16, schedule: gpipe, recompute: full}" },
        { "pipeline", "plan={tensor: 2, pipeline: 16, microBatch: 2, sharding: zero3}" },
        { "pipeline", "model=mixtral-8x7b\nplan={tensor: 2, expert: 8, pipeline: 8}" },
        { "pipeline", "model=llama-3.1-405b\nplan={tensor: 8, pipeline: 16, recompute: {layers: 3}}" },
    };

    [Theory]
    [InlineData("{ system: dgx-h100, devices: 64 }", "{ system: mi300x-8, devices: 64 }")]
    [InlineData("{ system: mi300x-8, devices: 64 }", "{ system: dgx-h100, devices: 64 }")]
    public void A_pool_outside_what_was_fitted_widens_the_whole(string first, string second)
    {
        static double Width(Estimate estimate)
        {
            (double low, double high) = estimate.Intervals.Ranges["step.seconds"];
            return Math.Log(high / low);
        }

        string[] settings = ["training.globalBatchSequences=1024", "plan={tensor: 8, pipeline: 2}"];
        Estimate mixed = Jobs.Estimate(Mixed, [$"cluster={{pools: [{first}, {second}]}}", .. settings]);
        Estimate fitted = Jobs.Estimate(Mixed, ["cluster={system: dgx-h100, devices: 128}", .. settings]);
        Assert.Equal("prior", mixed.Extrapolation.Accelerator);
        Assert.Equal("calibrated", fitted.Extrapolation.Accelerator);
        Assert.True(Width(mixed) > Width(fitted), $"{Width(mixed)} is not wider than {Width(fitted)}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Two_halves_of_a_pool_are_the_pool(string form, string changes)
    {
        string[] settings = changes.Split('\n');
        Estimate one = Jobs.Estimate(Mixed, ["cluster.pools=null", "cluster.system=dgx-h100", "cluster.devices=512", .. settings]);
        Estimate two = Jobs.Estimate(
            Mixed, ["cluster.pools=[{system: dgx-h100, devices: 256}, {system: dgx-h100, devices: 256}]", .. settings, "plan.pools=" + form]);

        const double Rounding = 1e-9;
        Jobs.Same(one.Step, two.Step, Rounding);
        Jobs.Same(one.Run, two.Run, Rounding);

        // A pool with the head or the embedding has a rate of its own, and below saturation power does not rise in proportion.
        double power = form == "pipeline" ? 1e-6 : Rounding;
        Jobs.Same(one.Energy, two.Energy, power);
        Jobs.Same(one.Carbon, two.Carbon, power);
        Jobs.Same(one.Cluster, two.Cluster, Rounding);
        Assert.Equal(one.Plan with { Pools = form }, two.Plan);
        Assert.Equal(one.Memory.TotalBytes, two.Memory.TotalBytes, Rounding * one.Memory.TotalBytes);
        Assert.Equal(one.Memory.Stages.Select(stage => stage.Layers), two.Memory.Stages.Select(stage => stage.Layers));
        Assert.Equal(2, two.Pools!.Count);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("pipeline")]
    public void What_pools_take_sums_to_the_whole(string form)
    {
        Estimate whole = Jobs.Estimate(Mixed, "plan.pools=" + form);
        IReadOnlyList<EstimatedPool> pools = whole.Pools!;

        Assert.Equal("dgx-a100-80gb + dgx-h100", whole.Cluster.System);
        Assert.Equal("a100-80gb-sxm + h100-sxm", whole.Cluster.Accelerator);
        Assert.Equal(1024, whole.Cluster.Devices);
        Assert.Equal(form, whole.Plan.Pools);
        Assert.Equal(0.5 * (312 + 989), whole.Cluster.PeakTflopsPerDevice, 1.0);
        Assert.Equal(1, pools.Sum(pool => pool.Energy.ItKwh) / whole.Energy.ItKwh, 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Energy.FacilityKwh) / whole.Energy.FacilityKwh, 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Energy.AverageDeviceWatts * pool.Devices) / (whole.Energy.AverageDeviceWatts * 1024), 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Carbon.OperationalKg) / whole.Carbon.OperationalKg, 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Carbon.EmbodiedKg) / whole.Carbon.EmbodiedKg, 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Carbon.EmbodiedAcceleratorKg) / whole.Carbon.EmbodiedAcceleratorKg, 1e-12);
        Assert.Equal(1, pools.Sum(pool => pool.Carbon.TotalKg) / whole.Carbon.TotalKg, 1e-12);
        Assert.All(pools, pool =>
        {
            EstimatedPoolStep step = pool.Step;
            Assert.Equal(whole.Step.Seconds, step.Seconds);
            double sum = step.WaitSeconds + step.ComputeSeconds + step.TensorCommSeconds + step.PipelineBubbleSeconds + step.PipelineCommSeconds
                + step.DataCommSeconds + step.ExpertCommSeconds + step.ContextCommSeconds + step.OptimizerSeconds + step.OtherSeconds;
            Assert.Equal(1, sum / step.Seconds, 1e-12);
            Assert.True(step.WaitSeconds >= 0 && step.PipelineBubbleSeconds >= 0);
        });
    }

    [Fact]
    public void Replicas_share_the_batch_so_that_pools_hardly_wait()
    {
        Estimate whole = Jobs.Estimate(Mixed);
        EstimatedPool[] pools = [.. whole.Pools!];

        Assert.Equal(1024, pools.Sum(pool => pool.Data * pool.MicroBatches * whole.Plan.MicroBatch));
        Assert.Equal(1, pools.Sum(pool => pool.BatchShare), 1e-12);
        Assert.All(pools, pool => Assert.Equal((4, 80), (pool.Stages, pool.Layers)));
        Assert.Equal(32, whole.Plan.Data);
        Assert.Equal(1024, whole.Plan.GlobalBatchSequences);
        Assert.True(pools[1].BatchShare > 2 * pools[0].BatchShare);

        // Another micro-batch more on the pool that waits would make it the slower one.
        EstimatedPool waiting = pools.MaxBy(pool => pool.Step.WaitSeconds)!;
        Assert.Equal(0, pools.Min(pool => pool.Step.WaitSeconds), 12);
        Assert.True(waiting.Step.WaitSeconds < (whole.Step.Seconds - waiting.Step.WaitSeconds) / waiting.MicroBatches);
    }

    [Fact]
    public void Stages_share_the_layers_so_that_no_other_split_is_faster()
    {
        Estimate whole = Jobs.Estimate(Mixed, "plan.pools=pipeline");
        EstimatedPool[] pools = [.. whole.Pools!];

        Assert.Equal([(0, 2), (2, 2)], pools.Select(pool => (pool.FirstStage, pool.Stages)));
        Assert.Equal(80, pools.Sum(pool => pool.Layers));
        Assert.All(pools, pool => Assert.Equal((32, 1.0), (pool.Data, pool.BatchShare)));
        Assert.Equal(4, whole.Memory.Stages.Count);
        Assert.Equal(80, whole.Memory.Stages.Sum(stage => stage.Layers));
        Assert.True(pools[1].Layers > 2 * pools[0].Layers);
        Assert.Equal(whole.Memory.Stages.Max(stage => stage.TotalBytes), whole.Memory.TotalBytes);
    }

    [Fact]
    public void The_fullest_pool_decides_whether_memory_suffices()
    {
        Estimate whole = Jobs.Estimate(
            Mixed, "cluster.pools=[{system: dgx-a100-40gb, devices: 512}, {system: dgx-h100, devices: 512}]", "plan={tensor: 8}");

        Assert.False(whole.Memory.Fits);
        Assert.False(whole.Pools![0].Memory.Fits);
        Assert.True(whole.Pools[1].Memory.Fits);
        Assert.Equal(whole.Pools[0].Memory.CapacityBytes, whole.Memory.CapacityBytes);
        LimitViolation violation = Assert.Single(whole.Violations);
        Assert.Equal(("memory", whole.Pools[0].Memory.CapacityBytes), (violation.Limit, violation.Allowed));
    }

    [Fact]
    public void Failures_of_all_pools_count()
    {
        const string Same = "cluster.pools=[{system: dgx-h100, devices: 512, failures: {perDeviceHour: 3e-5}}, {system: dgx-h100, devices: 256, failures: {perDeviceHour: 0}}]";
        string[] one = ["cluster.pools=null", "cluster.system=dgx-h100", "cluster.devices=768", "cluster.failures.perDeviceHour=2e-5", "training.globalBatchSequences=1536"];
        Estimate two = Jobs.Estimate(Mixed, Same, "training.globalBatchSequences=1536");
        Estimate mean = Jobs.Estimate(Mixed, one);

        Assert.Equal(mean.Run.Goodput, two.Run.Goodput, 12);
        Assert.Equal(mean.Run.LostToFailures, two.Run.LostToFailures, 12);
        Assert.Equal(1, Jobs.Estimate(Mixed, Same.Replace("3e-5", "0", StringComparison.Ordinal), "training.globalBatchSequences=1536").Run.Goodput);
    }

    [Fact]
    public void One_pool_in_a_list_may_have_failures_of_its_own() => Assert.Equal(
        Jobs.Estimate(Mixed, "cluster.pools=null", "cluster.system=dgx-h100", "cluster.devices=512", "cluster.failures.perDeviceHour=1e-4").Run,
        Jobs.Estimate(Mixed, "cluster.pools=[{system: dgx-h100, devices: 512, failures: {perDeviceHour: 1e-4}}]").Run);

    [Fact]
    public void A_slower_network_of_one_pool_holds_up_the_exchange_of_both()
    {
        double Data(params string[] networks) => Jobs.Estimate(
            Mixed,
            $"cluster.pools=[{{system: dgx-h100, devices: 512{networks[0]}}}, {{system: dgx-h100, devices: 512{networks[1]}}}]",
            "software.overlap.data=false").Step.DataCommSeconds;

        const string Slow = ", network: {nicBandwidth: 12.5 GB/s}";
        double both = Data(Slow, Slow);
        Assert.True(Data("", "") < both);
        Assert.Equal(both, Data(Slow, ""), 1e-9 * both);
        Assert.Equal(both, Data("", Slow), 1e-9 * both);
    }

    [Fact]
    public void A_hop_between_pools_goes_at_the_pace_of_the_slower_network()
    {
        double Transfers(params string[] networks) => Jobs.Estimate(
            Mixed,
            $"cluster.pools=[{{system: dgx-h100, devices: 512{networks[0]}}}, {{system: dgx-h100, devices: 512{networks[1]}}}]",
            "plan={tensor: 8, pipeline: 2, pools: pipeline}").Step.PipelineCommSeconds;

        const string Slow = ", network: {nicBandwidth: 5 GB/s}";
        double both = Transfers(Slow, Slow);
        Assert.True(Transfers("", "") < 0.5 * both);
        Assert.Equal(both, Transfers(Slow, ""), 1e-6 * both);
        Assert.Equal(both, Transfers("", Slow), 1e-6 * both);
    }

    // A replica on a node of each kind, exchanging its gradients with the other at the end of a step. By the priors:
    // a micro-batch takes (6.5797 + 1.9843)/32 = 0.26763 s on the A100s and (2.4507 + 1.2175)/32 = 0.11463 s on the H100s.
    // Gradients of 4 B × (13.0154 G/8 + 0.41 M) = 6.5093 GB take 72.6 us + 13.2 us·√6509 + 6.5093 GB/(25 GB/s × 0.937) =
    // 0.2790 s by the slower network, the optimizer 0.0422 s and 0.0254 s. Of two nodes the slower takes 0.014·0.5703 more,
    // and a step 0.01 s in any case.
    //   9 on the A100s:  (9 × 0.26763 + 0.2790 + 0.0422) × 1.00798 + 0.01 = 2.7616 s
    //   23 on the H100s: (23 × 0.11463 + 0.2790 + 0.0254) × 1.00798 + 0.01 = 2.9744 s, which the A100s wait for
    //   with 10 and 22 the A100s would take 3.0314 s.
    [Fact]
    public void Two_nodes_worked_by_hand()
    {
        const string Pools = "cluster.pools=[{system: dgx-a100-80gb, devices: 8}, {system: dgx-h100, devices: 8}]";
        string[] settings = ["model=llama-2-13b", "training.globalBatchSequences=32", "plan={tensor: 8, sharding: none}", "software.overlap.data=false", "calibration=priors"];
        Estimate found = Jobs.Estimate(Mixed, [Pools, .. settings]);

        // Gradients of 1/8 of the model, over two ranks that each drive a network interface of their own.
        HandPool[] hand = [.. new[] { "dgx-a100-80gb", "dgx-h100" }.Select(system => new HandPool(system, settings))];
        double exchange = hand.Max(pool => pool.Exchange);
        double Step(int pool, int microBatches)
        {
            double nodes = Math.Log(2);
            double straggling = hand[pool].Deviation * nodes * Math.Sqrt(2 / (nodes + 2.262));
            return ((hand[pool].Passes * microBatches) + exchange + hand[pool].Optimizer) * (1 + straggling) + hand[pool].Constant;
        }

        (int Share, double Seconds) best = Enumerable.Range(1, 31)
            .Select(share => (share, Math.Max(Step(0, share), Step(1, 32 - share))))
            .MinBy(one => one.Item2);
        Assert.Equal([9, 23], found.Pools!.Select(pool => pool.MicroBatches));
        Assert.Equal(9, best.Share);
        Assert.Equal(2.9744, found.Step.Seconds, 5e-4);
        Assert.Equal(0.2128, found.Pools![0].Step.WaitSeconds, 5e-4);
        Assert.Equal(best.Seconds, found.Step.Seconds, 1e-9 * best.Seconds);
        Assert.Equal(exchange, found.Step.DataCommSeconds, 1e-9 * exchange);
    }

    [Theory]
    [InlineData("cluster.pools=[{system: dgx-h100, devices: 512}, {system: dgx-h200, devices: [8, 64]}]", "cluster.pools[1].devices: '[8, 64]' is a range; allowed with several pools: one number")]
    [InlineData("cluster.pools=[{system: dgx-h100, devices: 512}, {system: dgx-h2000, devices: 64}]", "cluster.pools[1].system: 'dgx-h2000' is not usable")]
    [InlineData("cluster.pools=[{system: dgx-h100, devices: 512}, {system: dgx-h200, devices: 12}]", "cluster.pools[1].devices: '12' does not fill nodes of dgx-h200")]
    [InlineData("training.precision=fp8", "training.precision: 'fp8' is not a format of a100-80gb-sxm")]
    [InlineData("plan={tensor: 8, pipeline: 4}\ncluster.pools=[{system: dgx-h100, devices: 512}, {system: dgx-h200, devices: 48}]", "plan.pipeline: '4' does not fit: tensor 8 × pipeline 4 × data 17 is not the 560 devices")]
    [InlineData("plan={tensor: 8, pipeline: 4}\ncluster.pools=[{system: dgx-h100, devices: 496}, {system: dgx-h200, devices: 16}]", "plan.pipeline: '4' does not fit the pools: a replica takes 32 devices")]
    [InlineData("plan={tensor: 8, pipeline: 4, pools: pipeline}\ncluster.pools=[{system: dgx-h100, devices: 496}, {system: dgx-h200, devices: 16}]", "plan.pipeline: '4' does not fit the pools: a stage takes 128 devices")]
    [InlineData("plan={tensor: 8, pipeline: 4, virtualStages: 2, pools: pipeline}", "plan.schedule: does not span pools; allowed with plan.pools: pipeline: gpipe, 1f1b")]
    [InlineData("training.globalBatchSequences=1023", "plan.microBatch: leaves no shares of the batch: 16 and 16 replicas with whole numbers of micro-batches cannot make 1023 sequences")]
    public void What_does_not_fit_the_pools_is_told(string changes, string expected) =>
        Assert.Contains(expected, Jobs.Refusal(Mixed, changes.Split('\n')), StringComparison.Ordinal);

    [Fact]
    public void Pools_share_every_phase()
    {
        Estimate whole = Jobs.Estimate(
            Mixed, "training={sequenceLength: 4096, globalBatchSequences: 1024, phases: [{tokens: 1T}, {tokens: 1T, plan: {pools: pipeline}}]}");

        Assert.Equal(["data", "pipeline"], whole.Phases!.Select(phase => phase.Plan.Pools));
        Assert.All(whole.Phases!, phase => Assert.Equal(1, phase.Pools!.Sum(pool => pool.Carbon.TotalKg) / phase.Carbon.TotalKg, 1e-12));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(1, whole.Phases!.Sum(phase => phase.Pools![i].Energy.ItKwh) / whole.Pools![i].Energy.ItKwh, 1e-12);
        }

        Assert.Equal(1, whole.Pools!.Sum(pool => pool.Carbon.TotalKg) / whole.Carbon.TotalKg, 1e-12);
    }

    [Fact]
    public void Every_figure_is_derived_as_it_is_printed()
    {
        Scenario scenario = LegalCases.Read(Mixed);
        Estimate whole = Jobs.Estimator.Estimate(scenario);

        Assert.Equal(whole.Carbon.TotalKg, Jobs.Estimator.Explain(scenario, "carbon.totalKg").Trace.Recompute());
        Assert.Equal(whole.Step.Mfu, Jobs.Estimator.Explain(scenario, "step.mfu").Value);
        Assert.Equal(whole.Step.Seconds, Jobs.Estimator.Explain(scenario, "step.seconds").Value);
        Assert.Equal("STEP-18", Jobs.Estimator.Explain(scenario, "step.seconds").Root.Equation!.Id);
    }

    /// <summary>What a replica on one node takes, and what exchanging its gradients with one other takes by its network.</summary>
    private sealed class HandPool
    {
        public HandPool(string system, string[] settings)
        {
            Scenario scenario = LegalCases.Read(
                Mixed, ["cluster.pools=null", $"cluster.system={system}", "cluster.devices=8", .. settings]);
            ResolvedScenario resolved = JobBuilder.Build(scenario, Jobs.Catalog);
            Assessment<Scalar> alone = new EstimateBuilder(scenario, resolved, FlopsConvention.ModelFull, chosen: false)
                .Assess<Scalar>(FixedPlan.Of(scenario, resolved.Job.Training));
            StepCost<Scalar> step = alone.Cost.Step;
            Optimizer = step.Optimizer.Value.Value;
            Constant = step.Constant.Value.Value;
            Deviation = alone.Inputs.Machine.Stack.Straggling.Value;
            Passes = (step.Duration.Value.Value - step.Straggling.Value.Value - Constant - Optimizer) / 32;
            Assert.Equal(0, step.DataAtEnd.Value.Value);

            // 32,000 × 5,120 in the embedding and in the head, and 40 layers of 12.7 M per rank; their norms are whole.
            double matrices = (2.0 * 32_000 * 5120) + (40 * ((4.0 * 5120 * 5120) + (3.0 * 5120 * 13_824)));
            double norms = 40 * 2 * 5120;
            NetworkInputs<Scalar> network = alone.Inputs.Machine.Network;
            double bytes = alone.Inputs.Machine.Stack.ReductionBytes.Value.Value * ((matrices / 8) + norms);
            Exchange = network.LatencyPerDoubling.Value.Value
                + (network.RootLatency.Value * Math.Sqrt(bytes))
                + (bytes / network.DeviceRate.Value.Value);
        }

        public double Passes { get; }

        public double Optimizer { get; }

        public double Constant { get; }

        public double Deviation { get; }

        public double Exchange { get; }
    }
}
