using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Planning.Launch;
using CarbonScaling.Scenarios;
using CarbonScaling.Testing;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Planning;

/// <summary>Plans as launch arguments of Megatron-LM, and back.</summary>
public sealed class LaunchExportTests
{
    private const int Wanted = 60;

    private const string Small = """
        model: llama-2-7b
        training: { tokens: 1G, sequenceLength: 4096, globalBatchSequences: 64 }
        cluster: { system: dgx-h100, devices: 64 }
        plan: { tensor: 2, pipeline: 4, microBatch: 1, sharding: zero1, recompute: none, schedule: 1f1b }
        site: { grid: fr }
        """;

    private const string Mixture = """
        model: deepseek-v3
        training: { tokens: 1T, sequenceLength: 4096, globalBatchSequences: 4096 }
        cluster: { system: dgx-h100, devices: 512 }
        plan: { tensor: 1, pipeline: 8, expert: 64, microBatch: 1, sharding: zero1, recompute: none, schedule: 1f1b }
        site: { grid: fr }
        """;

    public static TheoryData<string> Cases { get; } = [.. Draw(new(22_011))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_script_written_for_a_plan_gives_it_back(string text)
    {
        (CarbonJob job, SplitPlan plan) = Plan(LegalCases.Read(text));
        MegatronText written = LaunchSettings.Write(job.Training, plan);
        Assert.Empty(written.Missing);

        Scenario again = Read(
            text,
            written.ToString(),
            "model=launch.args", "plan={}", "training.sequenceLength=null", "training.globalBatchSequences=null", "training.precision=null",
            "training.dropout=null", "training.storage=null", "software.moeDispatcher=null", "software.attentionKernel=null");
        (CarbonJob read, SplitPlan back) = Plan(again);

        Assert.Equal(plan with { Plan = Simplest(plan.Plan) }, back);
        Assert.Equal(Architecture.Of(job.Training.Model), Architecture.Of(read.Training.Model));
        Assert.Equal(What(job.Training), What(read.Training));

        static object What(TrainingJob job) => (
            job.Format,
            job.Dropout,
            job.SequenceLength.Value,
            job.GlobalBatch.Value,
            job.Storage,
            job.Software.Attention,
            job.Model.Experts is null ? MoeDispatcher.AllToAll : job.Software.MoeDispatcher,
            job.Software.OverlapsGradientReduction);
    }

    [Fact]
    public void Transfers_that_wait_are_written()
    {
        const string Waits = "--no-overlap-p2p-communication";
        string[] interleaved = ["plan.virtualStages=2", "plan.schedule=interleaved"];
        Assert.DoesNotContain(Waits, Export(Small, interleaved).Arguments);
        Assert.Contains(Waits, Export(Small, [.. interleaved, "software.overlap.pipeline=false"]).Arguments);
    }

    [Theory]
    [InlineData("llama-3.1-405b.yaml")]
    [InlineData("deepseek-v3.yaml")]
    public void An_example_reads_back_as_the_same_model_and_settings(string example)
    {
        Scenario scenario = LegalCases.Read(File.ReadAllText(Repository.PathOf("examples", example)));
        (CarbonJob job, _) = Plan(scenario);
        LaunchExport launch = new Estimator(LegalCases.Embedded).Export(scenario).Launch!;
        MegatronJob read = MegatronArguments.Read(string.Join(" \\\n", launch.Arguments), example);

        Assert.Equal(Architecture.Of(job.Training.Model), Architecture.Of(read.Model));
        Assert.Equal(launch.Arguments, MegatronArguments.Write(Architecture.Of(read.Model), read.Settings).Arguments);
        Assert.Equal(example == "deepseek-v3.yaml" ? DeepSeek : Llama, read.Settings);
    }

    private static MegatronSettings Llama { get; } = new()
    {
        Tensor = 8,
        Pipeline = 16,
        LayersPerVirtualStage = 1,
        EmbeddingCountsAsLayer = true,
        LossCountsAsLayer = true,
        SequenceParallel = true,
        Sharding = MegatronSharding.OptimizerAndGradients,
        OverlapsGradients = true,
        OverlapsParameters = true,
        MicroBatch = 1,
        GlobalBatch = 2048,
        SequenceLength = 8192,
        Precision = MegatronPrecision.Bf16,
        Dropout = false,
        Iterations = 929_833,
    };

    private static MegatronSettings DeepSeek { get; } = new()
    {
        Pipeline = 16,
        StageLayout = "Et*3|(t*4|)*13,t*3|t*3mL",
        Expert = 64,
        ExpertTensor = 1,
        Dispatcher = MegatronDispatcher.Flex,
        GroupsExperts = true,
        Recomputation = MegatronRecomputation.Selective,
        RecomputedModules = "layernorm moe_act mla_up_proj",
        Sharding = MegatronSharding.Optimizer,
        OverlapsGradients = true,
        OverlapsParameters = true,
        MicroBatch = 1,
        GlobalBatch = 15_360,
        SequenceLength = 4096,
        Precision = MegatronPrecision.Bf16,
        Fp8 = MegatronFp8.E4m3,
        Fp8Recipe = MegatronFp8Recipe.Blockwise,
        QuantisedParameters = true,
        FirstMoment = MegatronMoment.Bf16,
        SecondMoment = MegatronMoment.Bf16,
        Dropout = false,
        Iterations = 235_240,
    };

    [Theory]
    [InlineData("plan.schedule=gpipe", "the schedule gpipe (Megatron-LM has 1F1B and its interleaved form; written as 1F1B)")]
    [InlineData("plan.schedule=zb-h1", "the schedule zb-h1 (Megatron-LM has 1F1B and its interleaved form; written as 1F1B)")]
    [InlineData("plan.schedule=dualpipe", "the schedule dualpipe (Megatron-LM has 1F1B and its interleaved form; written as 1F1B)")]
    [InlineData("plan.recompute={ modules: [mlp] }", "the nonlinearity alone computed again (written as mlp, the whole feed-forward block)")]
    [InlineData("plan.offload=[weights]", "weights in the memory of the host")]
    [InlineData("plan.offload=[activations]", "activations of the feed-forward block in the memory of the host (written: those of attention and norms)")]
    [InlineData("training.storage={ nonlinearityInputs: fp8 }", "8-bit inputs of the nonlinearity (activation_func_fp8_input_store of its configuration has no argument)")]
    [InlineData("software.stack=fsdp", "the software fsdp, which the prediction is for")]
    [InlineData("model=bloom-7b1", "Alibi positions", "the norm after the embedding")]
    public void What_has_no_argument_is_told(string setting, params string[] expected)
    {
        string[] overrides = [setting, "training.sequenceLength=2048"];
        Assert.Equal(expected, Export(Small, overrides).Missing);
    }

    [Fact]
    public void Pieces_in_a_pipe_are_chosen_in_a_file_of_their_own() => Assert.Contains(
        "--tp-comm-overlap-cfg",
        Assert.Single(Export(Small, "plan.sequenceParallel=true", "plan.tensorOverlap=pipe").Missing),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(Small, "plan.recompute=full", "--recompute-granularity full", "--recompute-method uniform", "--recompute-num-layers 1")]
    [InlineData(Small, "plan.recompute={ layers: 3 }", "--recompute-granularity full", "--recompute-method block", "--recompute-num-layers 3")]
    [InlineData(Small, "plan.recompute=selective", "--recompute-granularity selective")]
    [InlineData(Mixture, "plan.recompute={ modules: [norm, mlp, latent] }", "--recompute-granularity selective", "--recompute-modules layernorm moe_act mla_up_proj")]
    [InlineData(Small, "plan.offload=[optimizer]", "--use-precision-aware-optimizer", "--optimizer-cpu-offload")]
    [InlineData(Small, "training.precision=fp8", "--bf16", "--fp8-format hybrid", "--fp8-recipe delayed")]
    [InlineData(Mixture, "training.precision=fp8-block", "--fp8-format e4m3", "--fp8-recipe blockwise")]
    [InlineData(Small, "training.storage={ moments: bf16 }", "--use-precision-aware-optimizer", "--exp-avg-dtype bf16", "--exp-avg-sq-dtype bf16")]
    [InlineData(Small, "plan.sharding=zero3", "--use-megatron-fsdp", "--data-parallel-sharding-strategy optim_grads_params", "--ckpt-format fsdp_dtensor")]
    [InlineData(Small, "plan={ tensor: 2, pipeline: 1, microBatch: 1, sharding: hsdp, shardGroup: 4, recompute: none }", "--use-megatron-fsdp", "--num-distributed-optimizer-instances 8")]
    [InlineData(Small, "plan.context=2", "--context-parallel-size 2")]
    [InlineData(Small, "plan={ tensor: 2, context: 2, contextMode: allgather, pipeline: 1, microBatch: 1, sharding: zero1, recompute: none }", "--cp-comm-type all_gather")]
    [InlineData(Small, "plan={ tensor: 2, context: 2, contextMode: ulysses, pipeline: 1, microBatch: 1, sharding: zero1, recompute: none }", "--cp-comm-type a2a")]
    [InlineData(Mixture, "software.moeDispatcher=deepep", "--moe-token-dispatcher-type flex", "--moe-flex-dispatcher-backend deepep", "--moe-grouped-gemm")]
    [InlineData(Mixture, "training.routing.imbalance=1", "--moe-token-dispatcher-type alltoall", "--moe-router-force-load-balancing")]
    public void A_choice_has_its_arguments(string text, string setting, params string[] expected) =>
        Assert.Subset(Export(text, setting).Arguments.ToHashSet(), expected.ToHashSet());

    [Theory]
    [InlineData("pipeline: 4, schedule: 1f1b", new[] { "--pipeline-model-parallel-size 4" })]
    [InlineData("pipeline: 4, virtualStages: 8, schedule: interleaved", new[] { "--num-layers-per-virtual-pipeline-stage 1" })]
    [InlineData("pipeline: 16, schedule: 1f1b", new[] { "--pipeline-model-parallel-size 16" })]
    public void Even_layers_need_no_layout(string pipeline, string[] expected)
    {
        IReadOnlyList<string> arguments = Export(
            Small, $"plan={{ tensor: 2, {pipeline}, microBatch: 1, sharding: zero1, recompute: none }}").Arguments;
        Assert.Subset(arguments.ToHashSet(), expected.ToHashSet());
        Assert.DoesNotContain(arguments, static argument => argument.Contains("layout", StringComparison.Ordinal));
    }

    [Fact]
    public void The_plan_of_a_script_is_the_default_and_fields_of_the_scenario_go_first()
    {
        const string Script = """
            --num-layers 32 --hidden-size 4096 --num-attention-heads 32 --vocab-size 32000 --position-embedding-type rope --swiglu
            --tensor-model-parallel-size 4 --sequence-parallel --pipeline-model-parallel-size 2 --num-layers-per-virtual-pipeline-stage 4
            --use-distributed-optimizer --micro-batch-size 2 --global-batch-size 128 --seq-length 4096 --recompute-activations --bf16
            """;
        (CarbonJob job, SplitPlan plan) = Plan(Read(Small, Script, "model=launch.args", "plan={}", "training={ tokens: 1G }"));
        Assert.Equal(
            new TrainingPlan(4, 2, 4, 8, 2, 8, true, Sharding.Zero1, RecomputePlan.Selective, PipelineScheduleKind.Interleaved),
            plan.Plan);

        // Dropout is on unless a script says otherwise; gradients are reduced after the backward pass.
        Assert.Equal((4096, 128, true, false), (job.Training.SequenceLength.Value, job.Training.GlobalBatch.Value, job.Training.Dropout, job.Training.Software.OverlapsGradientReduction));
        Assert.Equal(new Figure("plan.tensor", 4, "1", "launch.args", FigureStatus.Given), FigureOf(job, plan, Script));

        (_, SplitPlan other) = Plan(Read(
            Small, Script, "model=launch.args", "plan={ tensor: 8, pipeline: 4 }", "training={ tokens: 1G, dropout: false, globalBatchSequences: 64 }"));
        Assert.Equal(
            new TrainingPlan(8, 4, 1, 2, 2, 16, true, Sharding.Zero1, RecomputePlan.Selective, PipelineScheduleKind.OneForwardOneBackward),
            other.Plan);
    }

    [Fact]
    public void A_file_of_a_model_alone_leaves_the_plan_to_the_scenario()
    {
        const string Script = "--num-layers 32 --hidden-size 4096 --num-attention-heads 32 --vocab-size 32000 --position-embedding-type rope --tensor-model-parallel-size 4";
        Scenario scenario = Read(Small, Script, "model=launch.args", "plan={}");
        (CarbonJob job, SplitPlan plan) = Plan(scenario);
        Assert.Equal((4, 1, Sharding.Zero1, true), (plan.Plan.Tensor, plan.Plan.MicroBatch, plan.Plan.Sharding, plan.Plan.SequenceParallel));
        Assert.Equal((NumberFormat.Bf16, false), (job.Training.Format, job.Training.Dropout));
        Assert.Equal(["plan.pipeline", "plan.microBatch", "plan.sharding", "plan.recompute"], FixedPlan.Open(scenario, job.Training));
    }

    [Theory]
    [InlineData("--cp-comm-type a2a+p2p", "model: 'launch.args' gives --cp-comm-type a2a+p2p, which is not modelled; allowed: without it, or with plan.contextMode in its place")]
    [InlineData("--recompute-granularity selective --recompute-modules core_attn moe", "model: 'launch.args' gives --recompute-modules moe, which is not modelled; allowed: without it, or with plan.recompute in its place")]
    [InlineData("--pipeline-model-parallel-size 2 --num-layers-per-virtual-pipeline-stage 7", "model: 'launch.args' gives --num-layers-per-virtual-pipeline-stage 7, which does not divide its 32 layers over 2 stages; allowed: a divisor")]
    [InlineData("--pipeline-model-parallel-size 3", "model: 'launch.args' splits its layers over 3 stages into parts that are no whole numbers; allowed: an even rest between first and last stage")]
    [InlineData("--pipeline-model-parallel-size 4 --pipeline-model-parallel-layout E|t*16|t*16|L", "model: 'launch.args' splits its layers over the stages as 0 16 16 0, which is not modelled; allowed: no empty stage, and stages between first and last that differ by one layer at most")]
    [InlineData("--tensor-model-parallel-size 64", "model: 'launch.args' gives a plan.tensor that does not divide the 32 heads; allowed: a divisor")]
    [InlineData("--pipeline-model-parallel-size 64", "model: 'launch.args' gives a plan.pipeline that cannot split 32 layers over 64 stages of 1 chunks; allowed: a layer for each chunk at least")]
    [InlineData("--use-distributed-optimizer --num-distributed-optimizer-instances 2", "model: 'launch.args' gives --num-distributed-optimizer-instances without sharded parameters, which is not modelled; allowed: without it, or with plan.sharding in its place")]
    public void What_of_a_script_is_not_modelled_is_told(string extra, string expected)
    {
        string script = "--num-layers 32 --hidden-size 4096 --num-attention-heads 32 --vocab-size 32000 --position-embedding-type rope --micro-batch-size 1 "
            + extra.Replace("E|t*16|t*16|L", "\"E|t*16|t*16|L\"", StringComparison.Ordinal);
        Scenario scenario = Read(Small, script, "model=launch.args", "plan={}");
        ScenarioException refused = Assert.Throws<ScenarioException>(() => new Estimator(LegalCases.Embedded).Export(scenario));
        Assert.EndsWith(expected, Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Moments_of_two_formats_are_told()
    {
        const string Script = "--num-layers 2 --hidden-size 64 --num-attention-heads 4 --vocab-size 128 --position-embedding-type rope --exp-avg-dtype fp8";
        ScenarioReading reading = ScenarioReader.Read(Small, "job.yaml", ["model=launch.args"], _ => Script);
        Assert.Contains("--exp-avg-dtype", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
        Assert.Empty(ScenarioReader.Read(Small, "job.yaml", ["model=launch.args", "training.storage.moments=fp32"], _ => Script).Problems);
    }

    [Fact]
    public void An_open_plan_is_searched()
    {
        ExportResult result = new Estimator(LegalCases.Embedded).Export(LegalCases.Read(Small, "plan.tensor=null", "plan.pipeline=null", "training.globalBatchSequences=64"));
        Assert.Equal(("search", 2), (result.Launch!.PlanFrom, result.Launch.Open.Count));
        Assert.Equal(result.Search!.Plans[0].Plan, result.Launch.Plan);
        Assert.Contains($"--tensor-model-parallel-size {result.Launch.Plan.Tensor}", result.Launch.Arguments);
    }

    [Fact]
    public void Without_a_feasible_plan_there_is_nothing_to_launch()
    {
        ExportResult result = new Estimator(LegalCases.Embedded).Export(LegalCases.Read(Small, "plan.tensor=null", "limits.days=0.001"));
        Assert.Equal((null, null), (result.Launch, result.Estimate));
        Assert.Equal("limits.days", result.Search!.Binding!.Limit);
    }

    // With one tensor-parallel rank nothing is split along it, and one copy of what is split needs no group.
    private static TrainingPlan Simplest(TrainingPlan plan)
    {
        bool split = plan.Tensor > 1;
        bool whole = plan.Sharding == Sharding.Hsdp && plan.ShardGroup == plan.Data * plan.Context;
        return plan with
        {
            SequenceParallel = plan.SequenceParallel && split,
            TensorOverlap = split ? plan.TensorOverlap : TensorOverlap.None,
            Sharding = whole ? Sharding.Zero3 : plan.Sharding,
            ShardGroup = whole ? 0 : plan.ShardGroup,
        };
    }

    private static LaunchExport Export(string text, params string[] overrides) =>
        new Estimator(LegalCases.Embedded).Export(LegalCases.Read(text, overrides)).Launch!;

    private static Figure FigureOf(CarbonJob job, SplitPlan plan, string script)
    {
        Scenario scenario = Read(Small, script, "model=launch.args", "plan={}", "training={ tokens: 1G }");
        Assessment<Traced> traced = new EstimateBuilder(scenario, new(job, null, job.Site.Id), FlopsConvention.ModelFull, chosen: false).Assess<Traced>(plan);
        return traced.Plan.Tensor.Node.Figure!.Value;
    }

    private static (CarbonJob Job, SplitPlan Plan) Plan(Scenario scenario)
    {
        CarbonJob job = JobBuilder.Build(scenario, LegalCases.Embedded).Job;
        return (job, FixedPlan.Of(scenario, job.Training));
    }

    private static Scenario Read(string text, string script, params string[] overrides)
    {
        ScenarioReading reading = ScenarioReader.Read(text, "test", overrides, _ => script);
        Assert.Empty(reading.Problems);
        return reading.Scenario!;
    }

    private static List<string> Draw(Random random)
    {
        List<string> cases = [];
        while (cases.Count < Wanted)
        {
            string text = Text(random);
            ScenarioReading reading = ScenarioReader.Read(text, "random", []);
            Assert.Empty(reading.Problems);
            try
            {
                Plan(reading.Scenario!);
                cases.Add(text);
            }
            catch (ScenarioException)
            {
                // Not legal: draw again.
            }
        }

        return cases;
    }

    // Only what Megatron-LM has arguments for, so that nothing is missing.
    private static string Text(Random random)
    {
        string T(params string[] choices) => choices[random.Next(choices.Length)];
        bool experts = random.Next(2) == 0;
        string chunks = T("1", "1", "2", "3");
        string tensor = T("1", "2", "4", "8");
        string sequence = T("true", "true", "false");
        string sharding = T("none", "zero1", "zero2", "zero3", "hsdp");
        string format = T("bf16", "bf16", "fp8", "fp8-block");
        string weights = format == "bf16" || sharding == "none" ? "both" : T("both", "quantised");
        string offload = weights == "both" ? T("none", "none", "optimizer") : "none";
        return $$"""
            model: {{(experts ? T("mixtral-8x7b", "qwen3-30b-a3b", "deepseek-moe-16b") : T("llama-2-7b", "llama-3.1-405b", "qwen2.5-72b", "gpt3-175b"))}}
            training: { tokens: 300G, sequenceLength: {{T("1024", "2048")}}, globalBatchSequences: {{T("64", "384", "1536")}}, precision: {{format}}, dropout: {{T("true", "false")}}, storage: { weights: {{weights}}, moments: {{T("fp32", "bf16")}} } }
            software: { stack: {{T("megatron-2022", "megatron-core")}}, attentionKernel: {{T("auto", "unfused")}}, moeDispatcher: {{T("alltoall", "deepep", "allgather")}} }
            cluster: { system: dgx-h100, devices: {{T("16", "64", "128", "384", "512")}} }
            plan: { tensor: {{tensor}}, pipeline: {{T("1", "2", "3", "4", "5", "8", "16")}}, virtualStages: {{chunks}}, context: {{T("1", "1", "2", "4")}}, contextMode: {{T("ring", "allgather", "ulysses")}}, expert: {{(experts ? T("1", "2", "4", "8") : "1")}}, expertTensor: {{(experts ? T("1", "2") : "1")}}, microBatch: {{T("1", "2", "4")}}, sequenceParallel: {{sequence}}, sharding: {{sharding}}, recompute: {{T("none", "selective", "full", $"{{ layers: {chunks} }}", "{ modules: [attention, norm] }")}}, schedule: {{(chunks == "1" ? "1f1b" : "interleaved")}}, tensorOverlap: {{(sequence == "true" ? T("none", "ring") : "none")}}, offload: {{offload}} }
            site: { grid: fr }
            """;
    }
}
