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
            new TrainingSection { Tokens = 15.6e12, SequenceLength = 8192, GlobalBatchSequences = 2048, Precision = NumberFormat.Bf16 },
            scenario.Training);
        Assert.Equal("dgx-h100", scenario.Cluster.System);
        Assert.Equal(new DeviceRange(16384, 16384), scenario.Cluster.Devices);
        Assert.Equal(1, scenario.Cluster.Oversubscription);
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
                Recompute = Recomputation.None,
                Schedule = PipelineScheduleKind.Interleaved,
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
        Assert.Null(scenario.Cluster.Oversubscription);
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
    [InlineData("cluster.failures=none")]
    [InlineData("cluster.failures=default")]
    [InlineData("cluster.failures={perDeviceHour: 0.5 1/d}")]
    [InlineData("plan={context: 1, expert: 1, expertTensor: 1, offload: [], tensorOverlap: none, shardGroup: null}")]
    [InlineData("plan.offload=[none]")]
    [InlineData("plan.recompute=selective")]
    [InlineData("plan.schedule=1f1b")]
    [InlineData("plan.sharding=zero3")]
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
        Assert.False(scenario.IsGiven("software.attentionKernel"));
        Assert.False(scenario.IsGiven("limits.carbonTonnes"));
        Assert.False(scenario.IsGiven("training.compute"));
        Assert.False(scenario.IsGiven("no.such.field"));
    }

    [Theory]
    [InlineData("{ system: dgx-h100, devices: 8 }")]
    [InlineData("{ pools: [{ system: dgx-h100, devices: 8 }] }")]
    public void The_only_pool_is_given_under_the_path_of_the_short_form(string cluster)
    {
        var scenario = Example.Scenario(Example.Small, $"cluster={cluster}");

        Assert.True(scenario.IsGiven("cluster.system"));
        Assert.True(scenario.IsGiven("cluster.devices"));
        Assert.Equal("dgx-h100", scenario.Cluster.System);
    }

    [Fact]
    public void A_later_problem_is_told_at_the_line_of_its_field()
    {
        var scenario = Example.Scenario(Example.Full, "prices=null", "site.grid=us-xx");

        Assert.Equal(
            "job.yaml:10: cluster.pools[0].system: 'dgx-h100' is unknown",
            scenario.ProblemAt("cluster.system", "is unknown").ToString());
        Assert.Equal("--set:2: site.grid: 'us-xx' is unknown", scenario.ProblemAt("site.grid", "is unknown").ToString());
        Assert.Equal("job.yaml:15: plan.other.deep: is missing", scenario.ProblemAt("plan.other.deep", "is missing").ToString());
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
