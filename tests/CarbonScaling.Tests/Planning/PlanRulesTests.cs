using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;

namespace CarbonScaling.Tests.Planning;

/// <summary>Each rule of a legal plan, and how a scenario's own plan is refused.</summary>
public sealed class PlanRulesTests
{
    // 24 layers, 48 query heads over 12 key-value heads, nodes of 8 devices.
    private const string Text = """
        model: { layers: 24, hidden: 6144, feedForward: 20000, heads: 48, keyValueHeads: 12, vocabulary: 32000 }
        training: { tokens: 50G, sequenceLength: 4100, globalBatchSequences: 96 }
        cluster: { system: dgx-h100, devices: 96 }
        site: { grid: fr }
        """;

    private static readonly TrainingPlan Legal = new(
        4, 3, 1, 8, 1, 12, true, Sharding.Zero1, RecomputePlan.None, PipelineScheduleKind.OneForwardOneBackward);

    [Fact]
    public void A_legal_plan_breaks_none()
    {
        Assert.Null(PlanRules.Check(Job(), Legal, out LayerSplit layers));
        Assert.Equal((8, 8, 8, 8), (layers.First, layers.Middle, layers.Last, layers.MiddleTotal));
        Assert.Null(PlanRules.Check(Job(), Interleaved(Legal, 4), out _));
    }

    [Theory]
    [InlineData(5, "tensor does not divide the heads")]
    [InlineData(96, "tensor does not divide the heads")]
    [InlineData(8, "tensor does not fit the key-value heads")]
    [InlineData(3, "tensor does not divide the feed-forward width")]
    [InlineData(12, "tensor does not divide the feed-forward width")]
    public void Tensor_parallelism_must_divide_the_model(int tensor, string reason)
    {
        BrokenRule broken = Assert.IsType<BrokenRule>(PlanRules.Tensor(Job(), tensor, sequenceParallel: false));
        Assert.Equal(("plan.tensor", reason), (broken.Field, broken.Reason));
        Assert.Contains("allowed", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_parallelism_must_fit_the_domain()
    {
        TrainingJob job = Job("model.feedForward=24576");
        Assert.Equal("tensor does not fit the scale-up domain", PlanRules.Tensor(job, 3, false)?.Reason);
        Assert.Equal("tensor does not fit the scale-up domain", PlanRules.Tensor(job, 12, false)?.Reason);
        Assert.Null(PlanRules.Tensor(Job("model.keyValueHeads=48", "model.feedForward=24576"), 16, false));
        Assert.Null(PlanRules.Tensor(Job("model.keyValueHeads=1"), 2, false));
    }

    [Fact]
    public void Sequence_parallelism_must_divide_the_sequence()
    {
        TrainingJob job = Job("model.keyValueHeads=1", "model.feedForward=24576");
        Assert.Equal("tensor does not divide the sequence", PlanRules.Tensor(job, 8, true)?.Reason);
        Assert.Null(PlanRules.Tensor(job, 8, false));
        Assert.Null(PlanRules.Tensor(job, 4, true));
    }

    [Theory]
    [InlineData(5, 1, 12)]
    [InlineData(8, 5, 2)]
    [InlineData(8, 1, 11)]
    [InlineData(8, 2, 12)]
    [InlineData(96, 2, 1)]
    public void Data_times_micro_batches_must_be_the_batch(int data, int microBatch, int microBatches)
    {
        BrokenRule? broken = PlanRules.Check(
            Job(), Legal with { Data = data, MicroBatch = microBatch, MicroBatches = microBatches }, out _);
        Assert.Equal(("plan.microBatch", "the batch is not a multiple of data × micro-batch"), (broken?.Field, broken?.Reason));
    }

    [Fact]
    public void Interleaving_and_virtual_stages_need_each_other()
    {
        Assert.Equal("virtual stages without interleaving", Reason(Legal with { VirtualStages = 2 }));
        Assert.Equal("virtual stages without interleaving", Reason(Interleaved(Legal, 2) with { Schedule = PipelineScheduleKind.GPipe }));
        Assert.Equal("interleaving without virtual stages", Reason(Interleaved(Legal, 1)));
        Assert.Equal("interleaving without virtual stages", Reason(Interleaved(Legal, 2) with { Pipeline = 1 }));
        Assert.Equal("interleaving needs micro-batches in multiples of the stages", Reason(Interleaved(Legal, 2) with { Pipeline = 8 }));
        Assert.Null(Reason(Interleaved(Legal, 2) with { Pipeline = 12 }));
    }

    [Fact]
    public void Experts_beside_tensor_parallelism_need_the_tokens_split()
    {
        TrainingJob job = Job("model={ layers: 24, hidden: 6144, heads: 48, vocabulary: 32000, experts: 8, expertsPerToken: 2, expertFeedForward: 2000 }");
        Assert.Null(PlanRules.Check(job, Legal, out _));
        Assert.Equal(
            "experts beside tensor parallelism need sequence parallelism",
            PlanRules.Check(job, Legal with { SequenceParallel = false }, out _)?.Reason);
        Assert.Null(PlanRules.Check(job, Legal with { Tensor = 1, Data = 32, MicroBatches = 3, SequenceParallel = false }, out _));
    }

    [Fact]
    public void Layers_must_be_splittable()
    {
        // 3 stages of 5 chunks divide neither 24 nor 26 layers; 13 stages of 2 chunks divide 26.
        Assert.Equal("the layers cannot be split over the stages", Reason(Interleaved(Legal, 5)));
        Assert.Equal("the layers cannot be split over the stages", Reason(Legal with { Pipeline = 25 }));
        Assert.Equal("the layers cannot be split over the stages", Reason(Legal with { Pipeline = 26 }));
        Assert.Null(Reason(Legal with { Pipeline = 13 }));
        Assert.Null(Reason(Legal with { Pipeline = 7 }));
        Assert.Null(Reason(Legal with { Pipeline = 24 }));
        Assert.Equal("plan.virtualStages", PlanRules.Check(Job(), Interleaved(Legal, 5), out _)?.Field);
        Assert.Equal("plan.pipeline", PlanRules.Check(Job(), Legal with { Pipeline = 25 }, out _)?.Field);
    }

    [Theory]
    [InlineData("plan.tensor=5", "plan.tensor")]
    [InlineData("plan={tensor: 4, pipeline: 5}", "plan.pipeline")]
    [InlineData("plan={tensor: 4, pipeline: 3, data: 7}", "plan.data")]
    [InlineData("plan={tensor: 4, microBatch: 5}", "plan.microBatch")]
    [InlineData("plan={tensor: 2, pipeline: 3, schedule: interleaved}", "plan.schedule")]
    [InlineData("cluster.devices=[8, 96]", "cluster.devices")]
    [InlineData("cluster.devices=90", "cluster.devices")]
    [InlineData("cluster.devices=5", "cluster.devices")]
    [InlineData("cluster.system=dgx-h101", "dgx-h100")]
    [InlineData("site.grid=frr", "site.grid")]
    [InlineData("model=llama-2-8b", "llama-2-7b")]
    [InlineData("cluster={system: dgx-b200, devices: 96}|software.attentionKernel=flash1", "software.attentionKernel")]
    public void A_scenario_that_cannot_be_estimated_names_the_field(string setting, string named)
    {
        Scenario scenario = LegalCases.Read(Text, setting.Split('|'));
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Estimate(scenario));
        string problem = Assert.Single(refused.Problems).ToString();
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flash2")]
    [InlineData("flash3")]
    public void A_fused_kernel_is_refused_in_single_precision_and_auto_takes_none(string kernel)
    {
        Scenario scenario = LegalCases.Read(Text, "training.precision=fp32", "software.attentionKernel=" + kernel);
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Estimate(scenario));
        Assert.Contains(
            $"software.attentionKernel: '{kernel}' does not exist in fp32, the precision of the training; allowed: auto, unfused",
            Assert.Single(refused.Problems).ToString(),
            StringComparison.Ordinal);
        Assert.Equal(AttentionKernel.Unfused, Job("training.precision=fp32").Software.Attention);
        Assert.Equal(AttentionKernel.Flash3, Job("training.precision=bf16").Software.Attention);
    }

    [Fact]
    public void A_format_that_the_device_lacks_is_refused_with_those_that_it_has()
    {
        Scenario scenario = LegalCases.Read(Text, "cluster.system=dgx-1-v100");
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Estimate(scenario));
        Assert.Contains("fp16, fp32", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_of_an_estimate_are_the_documented_ones()
    {
        EstimatedPlan plain = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(Text)).Plan;
        Assert.Equal(
            (1, 1, 1, 96, 1, 1, false, "zero1", "none", "1f1b"),
            (plain.Tensor, plain.Pipeline, plain.VirtualStages, plain.Data, plain.MicroBatch, plain.MicroBatches,
                plain.SequenceParallel, plain.Sharding, plain.Recompute, plain.Schedule));
        EstimatedPlan chunks = new Estimator(LegalCases.Embedded)
            .Estimate(LegalCases.Read(Text, "plan={tensor: 4, pipeline: 3, virtualStages: 2}")).Plan;
        Assert.Equal(
            (8, 12, true, "interleaved", 96L),
            (chunks.Data, chunks.MicroBatches, chunks.SequenceParallel, chunks.Schedule, chunks.GlobalBatchSequences));
    }

    private static string? Reason(TrainingPlan plan) => PlanRules.Check(Job(), plan, out _)?.Reason;

    private static TrainingPlan Interleaved(TrainingPlan plan, int chunks) =>
        plan with { VirtualStages = chunks, Schedule = PipelineScheduleKind.Interleaved };

    private static TrainingJob Job(params string[] settings) =>
        JobBuilder.Build(LegalCases.Read(Text, settings), LegalCases.Embedded).Job.Training;
}
