using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Tests.Scenarios;

public class ScenarioReaderTests
{
    [Fact]
    public void Every_field_of_the_format_is_read()
    {
        var scenario = Example.Scenario(Example.Full, "prices=null");

        Assert.Equal("Llama 3.1 405B, 8k phase, 16,384 H100", scenario.Name);
        Assert.Equal("llama-3.1-405b", scenario.Model?.Id);
        Assert.Null(scenario.Model?.Architecture);
        Assert.Equal(
            new TrainingSection
            {
                Tokens = 15.6e12,
                SequenceLength = 8192,
                GlobalBatchSequences = 2048,
                Precision = NumberFormat.Bf16,
                Routing = new() { Imbalance = 1, CapacityFactor = 1.25 },
            },
            scenario.Training);
        Assert.Equal(
            new SoftwareSection
            {
                Stack = SoftwareStack.MegatronCore,
                AttentionKernel = AttentionKernel.Flash3,
                MoeDispatcher = MoeDispatcher.AllToAll,
                Release = new(2026, 4, 1),
                Overlap = new() { Tensor = false, Data = true, Pipeline = true },
            },
            scenario.Software);
        Assert.Equal("dgx-h100", scenario.Cluster.System);
        Assert.Equal(new DeviceRange(16384, 16384), scenario.Cluster.Devices);
        Assert.Equal(new NetworkSection { Oversubscription = 1, NicBandwidth = 50e9, Contention = 0.5 }, scenario.Cluster.Network);
        Assert.Equal(scenario.Cluster.Network, Assert.Single(scenario.Cluster.Pools).Network);
        Assert.Equal("cluster", scenario.Cluster.Pools[0].Path);
        Assert.Equal(8, scenario.Cluster.Pools[0].Domain);
        Assert.Equal(new FailuresSection { PerDeviceHour = 1.97e-5, RestartMinutes = 10 }, scenario.Cluster.Failures);
        Assert.Equal(new CheckpointSection { StorageBytesPerSecond = 200e9, Asynchronous = true }, scenario.Cluster.Checkpoint);
        Assert.Equal(
            new PlanSection
            {
                Tensor = 8,
                Pipeline = 16,
                VirtualStages = 8,
                Data = 128,
                MicroBatch = 1,
                SequenceParallel = true,
                Sharding = Sharding.Zero1,
                Recompute = RecomputePlan.None,
                Schedule = PipelineScheduleKind.Interleaved,
                Context = 1,
                ContextMode = ContextMode.Ring,
                Expert = 1,
                ExpertTensor = 1,
                TensorOverlap = TensorOverlap.None,
                Offload = Offload.None,
            },
            scenario.Plan);
        Assert.Equal(new LimitsSection { Days = 90, PowerMegawatts = 30 }, scenario.Limits);
        Assert.Equal(
            new SiteSection { Grid = "us-va", Pue = 1.1, Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero), LifetimeYears = 5 },
            scenario.Site);
        Assert.Equal("default", scenario.Assumptions);
        Assert.Equal("default", scenario.Calibration);
        Assert.Equal(new ObjectiveWeights(0, 0, 1), scenario.Objective);
    }

    [Fact]
    public void What_is_left_out_is_null_or_the_documented_default()
    {
        var scenario = Example.Scenario(Example.Small);

        Assert.Null(scenario.Name);
        Assert.Equal(new TrainingSection { Tokens = 300e9, Precision = NumberFormat.Bf16, Dropout = false }, scenario.Training);
        Assert.Equal(new SoftwareSection { Stack = SoftwareStack.MegatronCore, AttentionKernel = null }, scenario.Software);
        Assert.Equal(new DeviceRange(1024, 1024), scenario.Cluster.Devices);
        Assert.Equal(new NetworkSection(), scenario.Cluster.Network);
        Assert.Equal(new FailuresSection { Policy = FailurePolicy.Default }, scenario.Cluster.Failures);
        Assert.Equal(new CheckpointSection(), scenario.Cluster.Checkpoint);
        Assert.Equal(new PlanSection(), scenario.Plan);
        Assert.Equal(new LimitsSection { MemoryHeadroom = 0 }, scenario.Limits);
        Assert.Equal(
            new SiteSection { Grid = "fr", IntensityKind = IntensityKind.Lifecycle, Allocation = EmbodiedAllocation.Time }, scenario.Site);
        Assert.Equal(new ObjectiveWeights(0, 0, 1), scenario.Objective);
    }

    [Fact]
    public void An_inline_architecture_fills_what_follows_from_the_rest()
    {
        var model = Example.Scenario(Example.Inline).Model?.Architecture;

        Assert.Equal(
            new Architecture
            {
                Layers = 12,
                Hidden = 768,
                FeedForward = 3072,
                Heads = 12,
                KeyValueHeads = 12,
                HeadDimension = 64,
                Vocabulary = 50257,
                Traits = new()
                {
                    Activation = Activation.SwiGlu,
                    Normalisation = Normalisation.RmsNorm,
                    Positions = PositionEncoding.Rotary,
                    Biases = Biases.None,
                    TiedEmbeddings = false,
                },
            },
            model);
    }

    [Fact]
    public void An_inline_architecture_may_say_everything()
    {
        var model = Example.Scenario(
            Example.Inline,
            "model.keyValueHeads=4",
            "model.headDimension=128",
            "model.activation=gelu",
            "model.normalisation=layernorm",
            "model.positions=learned",
            "model.positionsLength=2048",
            "model.biases=qkv",
            "model.tiedEmbeddings=true").Model?.Architecture;

        Assert.NotNull(model);
        Assert.Equal(4, model.KeyValueHeads);
        Assert.Equal(128, model.HeadDimension);
        Assert.Equal(Activation.Gelu, model.Traits.Activation);
        Assert.Equal(Normalisation.LayerNorm, model.Traits.Normalisation);
        Assert.Equal(PositionEncoding.Learned, model.Traits.Positions);
        Assert.Equal(2048, model.PositionsLength);
        Assert.Equal(Biases.QueryKeyValue, model.Traits.Biases);
        Assert.True(model.Traits.TiedEmbeddings);
    }

    [Fact]
    public void An_inline_architecture_may_have_experts_latents_and_windows() => Assert.Equal(
        new Architecture
        {
            Traits = new()
            {
                Attention = AttentionKind.Latent,
                Mixture = new()
                {
                    LeadingDenseLayers = 1,
                    LayerInterval = 2,
                    LayerPhase = 1,
                    RoutingGroups = 4,
                    RoutingGroupLimit = 2,
                    RouterBias = true,
                },
                Window = new(WindowKind.Sliding, 3, 2),
            },
            Layers = 12,
            Hidden = 768,
            FeedForward = 3072,
            Heads = 12,
            KeyValueHeads = 12,
            HeadDimension = 64,
            Vocabulary = 50257,
            QueryRank = 256,
            KeyValueRank = 128,
            RopeHeadDimension = 32,
            ValueHeadDimension = 48,
            Experts = 8,
            ExpertsPerToken = 3,
            ExpertFeedForward = 512,
            SharedFeedForward = 1024,
            CapacityFactor = 1.25,
            Window = 1000,
            PredictionLayers = 1,
        },
        Example.Scenario(Example.Mixture).Model?.Architecture);

    [Fact]
    public void A_compute_budget_needs_no_model_and_takes_the_default_law()
    {
        var scenario = Example.Scenario(Example.Small, "model=null", "training={compute: 3.8e25}");

        Assert.Null(scenario.Model);
        Assert.Equal(new TrainingSection { ComputeFlops = 3.8e25, Law = "besiroglu-2024" }, scenario.Training);
    }

    [Fact]
    public void A_target_loss_may_name_its_law()
    {
        var scenario = Example.Scenario(
            Example.Small, "model=~", "training={targetLoss: 1.9, law: chinchilla-2022, batchLaw: some-law, globalBatchTokens: null}");

        Assert.Equal(new TrainingSection { TargetLoss = 1.9, Law = "chinchilla-2022", BatchLaw = "some-law" }, scenario.Training);
    }

    [Fact]
    public void The_devices_may_be_a_range() =>
        Assert.Equal(new DeviceRange(8, 16384), Example.Scenario(Example.Small, "cluster.devices=[8, 16Ki]").Cluster.Devices);

    [Theory]
    [InlineData("training.precision=fp8")]
    [InlineData("training.precision=fp16")]
    [InlineData("training.precision=fp32")]
    [InlineData("training.dropout=true")]
    [InlineData("training.globalBatchTokens=16M")]
    [InlineData("software={stack: fsdp, attentionKernel: flash3}")]
    [InlineData("software.stack=megatron-2022")]
    [InlineData("software.attentionKernel=auto")]
    [InlineData("software.stack=jax")]
    [InlineData("software={moeDispatcher: deepep, overlap: {tensor: true, data: false, pipeline: false}}")]
    [InlineData("software.overlap={}")]
    [InlineData("training.routing={imbalance: 1.2}")]
    [InlineData("training.routing={capacityFactor: null}")]
    [InlineData("training.phases=null")]
    [InlineData("cluster.network={nicBandwidth: 400 Gb/s, contention: 0.5}")]
    [InlineData("cluster.failures=none")]
    [InlineData("cluster.failures=default")]
    [InlineData("cluster.failures={perDeviceHour: 0.5 1/d}")]
    [InlineData("plan={context: 1, expert: 1, expertTensor: 1, offload: [], tensorOverlap: none, shardGroup: null}")]
    [InlineData("plan.offload=[none]")]
    [InlineData("plan.recompute=selective")]
    [InlineData("plan.schedule=1f1b")]
    [InlineData("plan.sharding=zero3")]
    [InlineData("plan.sharding=hsdp")]
    [InlineData("plan={sharding: hsdp, shardGroup: 8}")]
    [InlineData("plan={context: 2, contextMode: ulysses, expert: 8, expertTensor: 2, tensorOverlap: ring}")]
    [InlineData("plan.contextMode=allgather")]
    [InlineData("plan.tensorOverlap=pipe")]
    [InlineData("plan.offload=weights")]
    [InlineData("plan.recompute=full")]
    [InlineData("plan=")]
    [InlineData("limits={days: 2160 h, powerMegawatts: 30000 kW, carbonTonnes: 5 kt, memoryHeadroom: 0.05}")]
    [InlineData("site={carbonIntensity: 0.38 kg/kWh}")]
    [InlineData("site.start=2026-01-15")]
    [InlineData("site.start=2026-01-15T10:30:15.5+02:00")]
    [InlineData("site.intensityKind=direct")]
    [InlineData("site.hourly=null")]
    [InlineData("prices={}")]
    [InlineData("objective=time")]
    [InlineData("objective={carbon: 0.7, time: 0.3}")]
    public void Other_values_of_the_format_are_accepted(string change) => Example.Scenario(Example.Small, change);

    [Fact]
    public void Quantities_are_kept_in_the_unit_of_their_field()
    {
        var scenario = Example.Scenario(
            Example.Inline,
            "limits={days: 2160 h, powerMegawatts: 30000 kW, carbonTonnes: 5 kt}",
            "cluster.failures={perDeviceHour: 0.24 1/d, restartMinutes: 90 s}");

        Assert.Equal(new LimitsSection { Days = 90, PowerMegawatts = 30, CarbonTonnes = 5000 }, scenario.Limits);
        Assert.Equal(0.01, scenario.Cluster.Failures.PerDeviceHour!.Value, 1e-15);
        Assert.Equal(1.5, scenario.Cluster.Failures.RestartMinutes);
        Assert.Equal(380, scenario.Site.CarbonIntensityGramsPerKwh);
    }

    public static TheoryData<string, RecomputePlan> Recomputations => new()
    {
        { "none", RecomputePlan.None },
        { "selective", RecomputePlan.Selective },
        { "full", RecomputePlan.Full },
        { "{ layers: 3 }", RecomputePlan.OfLayers(3) },
        { "{ modules: attention }", RecomputePlan.Selective },
        { "{ modules: [attention] }", RecomputePlan.Selective },
        { "{ modules: [mlp, norm] }", RecomputePlan.OfModules(RecomputeModules.Norm | RecomputeModules.Mlp) },
        { "{ layers: null, modules: [norm] }", RecomputePlan.OfModules(RecomputeModules.Norm) },
    };

    [Theory]
    [MemberData(nameof(Recomputations))]
    public void Recomputation_is_a_kind_or_layers_or_parts_of_a_layer(string text, RecomputePlan expected) =>
        Assert.Equal(expected, Example.Scenario(Example.Small, $"plan.recompute={text}").Plan.Recompute);

    [Theory]
    [InlineData("gpipe", PipelineScheduleKind.GPipe)]
    [InlineData("1f1b", PipelineScheduleKind.OneForwardOneBackward)]
    [InlineData("interleaved", PipelineScheduleKind.Interleaved)]
    [InlineData("zb-h1", PipelineScheduleKind.ZeroBubbleH1)]
    [InlineData("zb-h2", PipelineScheduleKind.ZeroBubbleH2)]
    [InlineData("zbv", PipelineScheduleKind.ZeroBubbleV)]
    [InlineData("dualpipe", PipelineScheduleKind.DualPipe)]
    public void Every_schedule_has_its_word(string text, PipelineScheduleKind expected) =>
        Assert.Equal(expected, Example.Scenario(Example.Small, $"plan.schedule={text}").Plan.Schedule);

    [Theory]
    [InlineData("none", Offload.None)]
    [InlineData("[]", Offload.None)]
    [InlineData("optimizer", Offload.Optimizer)]
    [InlineData("[weights, activations]", Offload.Weights | Offload.Activations)]
    public void Offload_is_a_word_or_a_list(string text, Offload expected) =>
        Assert.Equal(expected, Example.Scenario(Example.Small, $"plan.offload={text}").Plan.Offload);

    [Fact]
    public void Phases_are_read_in_order_and_sum_to_the_tokens()
    {
        var training = Example.Scenario(
            Example.Small,
            "training={phases: [{name: ramp, tokens: 100G, globalBatchSequences: 256}, {tokens: 0.2T, sequenceLength: 128Ki, globalBatchTokens: 16M, plan: {context: 16}}]}")
            .Training;

        Assert.Equal(300e9, training.Tokens);
        Assert.Collection(
            training.Phases,
            phase => Assert.Equal(new PhaseSection { Name = "ramp", Tokens = 100e9, GlobalBatchSequences = 256, Plan = new() }, phase),
            phase => Assert.Equal(
                new PhaseSection { Tokens = 200e9, SequenceLength = 131_072, GlobalBatchTokens = 16e6, Plan = new() { Context = 16 } },
                phase));
    }

    [Fact]
    public void The_fields_of_a_phase_have_their_own_paths()
    {
        var scenario = Example.Scenario(Example.Small, "training.phases=[{tokens: 100G}, {tokens: 200G, plan: {tensor: 4}}]");

        Assert.True(scenario.IsGiven("training.phases[1].plan.tensor"));
        Assert.False(scenario.IsGiven("training.phases[0].plan.tensor"));
        Assert.Equal(
            "--set:1: training.phases[1].plan.tensor: '4' is odd", scenario.ProblemAt("training.phases[1].plan.tensor", "is odd").ToString());
    }

    [Fact]
    public void The_plan_of_a_phase_goes_before_that_of_the_training()
    {
        var scenario = Example.Scenario(
            Example.Small,
            "plan={tensor: 8, context: 2, sharding: hsdp, shardGroup: 16, recompute: full}",
            "training.phases=[{tokens: 100G, plan: {context: 16, sharding: zero1}}, {tokens: 200G, plan: {shardGroup: 4}}]");
        var plans = scenario.Training.Phases.Select(phase => scenario.Plan.With(phase.Plan)).ToArray();

        Assert.Equal(
            new PlanSection { Tensor = 8, Context = 16, Sharding = Sharding.Zero1, Recompute = RecomputePlan.Full }, plans[0]);
        Assert.Equal(scenario.Plan with { ShardGroup = 4 }, plans[1]);
        Assert.Equal(scenario.Plan, scenario.Plan.With(new()));
        Assert.Equal(scenario.Plan, new PlanSection().With(scenario.Plan));
    }

    [Fact]
    public void Several_pools_keep_their_order_and_their_networks()
    {
        var scenario = Example.Scenario(
            Example.Small,
            "cluster={pools: [{system: a, devices: 8}, {system: b, devices: [8, 64], network: {nicBandwidth: 50 GB/s}}], network: {oversubscription: 2}}");
        var pools = scenario.Cluster.Pools;

        Assert.Equal(["a", "b"], pools.Select(pool => pool.System));
        Assert.Equal([new(8, 8), new(8, 64)], pools.Select(pool => pool.Devices));
        Assert.Equal(new NetworkSection { Oversubscription = 2 }, pools[0].Network);
        Assert.Equal(new NetworkSection { Oversubscription = 2, NicBandwidth = 50e9 }, pools[1].Network);
        Assert.Equal(["cluster.pools[0]", "cluster.pools[1]"], pools.Select(pool => pool.Path));
        Assert.True(scenario.IsGiven("cluster.pools[1].network.nicBandwidth"));
        Assert.False(scenario.IsGiven("cluster.system"));
    }

    [Fact]
    public void Weights_are_kept_as_given() =>
        Assert.Equal(
            new ObjectiveWeights(0.3, 0, 0.7), Example.Scenario(Example.Small, "objective={carbon: 0.7, time: 0.3}").Objective);

    [Fact]
    public void What_was_given_can_be_told_from_what_was_filled()
    {
        var scenario = Example.Scenario(Example.Full, "prices=null", "software.stack=fsdp");

        Assert.True(scenario.IsGiven("training.tokens"));
        Assert.True(scenario.IsGiven("software.stack"));
        Assert.True(scenario.IsGiven("cluster.failures.perDeviceHour"));
        Assert.True(scenario.IsGiven("plan.contextMode"));
        Assert.False(scenario.IsGiven("plan.shardGroup"));
        Assert.False(scenario.IsGiven("limits.carbonTonnes"));
        Assert.False(scenario.IsGiven("training.compute"));
        Assert.False(scenario.IsGiven("no.such.field"));
    }

    [Theory]
    [InlineData("{ system: dgx-h100, devices: 8 }")]
    [InlineData("{ pools: [{ system: dgx-h100, devices: 8 }] }")]
    [InlineData("{ pools: [{ system: dgx-h100, devices: 8, network: { oversubscription: 2 } }] }")]
    public void The_only_pool_is_given_under_the_path_of_the_short_form(string cluster)
    {
        var scenario = Example.Scenario(Example.Small, $"cluster={cluster}");

        Assert.True(scenario.IsGiven("cluster.system"));
        Assert.True(scenario.IsGiven("cluster.devices"));
        Assert.False(scenario.IsGiven("cluster.domain"));
        Assert.Equal("dgx-h100", scenario.Cluster.System);
    }

    [Fact]
    public void A_later_problem_is_told_at_the_line_of_its_field()
    {
        var scenario = Example.Scenario(Example.Full, "prices=null", "site.grid=us-xx");

        Assert.Equal(
            "job.yaml:17: cluster.pools[0].system: 'dgx-h100' is unknown",
            scenario.ProblemAt("cluster.system", "is unknown").ToString());
        Assert.Equal("--set:2: site.grid: 'us-xx' is unknown", scenario.ProblemAt("site.grid", "is unknown").ToString());
        Assert.Equal("job.yaml:22: plan.other.deep: is missing", scenario.ProblemAt("plan.other.deep", "is missing").ToString());
        Assert.Equal("job.yaml:1: other: is missing", scenario.ProblemAt("other", "is missing").ToString());
    }

    [Fact]
    public void Json_is_read_as_yaml_is()
    {
        const string Json = "{\r\n\t\"name\": \"A \\u0041\\u00e9\\/\\\"quoted\\\" \\ud83c\\udf31\",\r\n\t\"model\":\"gpt3-175b\",\r\n"
            + "\t\"training\":{\"tokens\":300000000000000,\"sequenceLength\":2.048e3,\"phases\":[ ],\"dropout\":false},\r\n"
            + "\t\"cluster\": {\"pools\":[{\"system\":\"dgx-h100\",\"devices\":[8,64]}],\"powerCapWatts\":null},\r\n"
            + "\t\"site\":\t{\"carbonIntensity\": \"380 g/kWh\", \"start\": \"2026-01-15T00:00Z\"}\r\n}\r\n";

        var scenario = Example.Scenario("\ufeff" + Json);

        Assert.Equal("A Aé/\"quoted\" 🌱", scenario.Name);
        Assert.Equal(3e14, scenario.Training.Tokens);
        Assert.Equal(2048, scenario.Training.SequenceLength);
        Assert.Equal(new DeviceRange(8, 64), scenario.Cluster.Devices);
    }
}
