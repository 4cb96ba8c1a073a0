using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Memory of a device, by hand and over legal plans.</summary>
public sealed class MemoryTests
{
    private static readonly StateBytes<Scalar> Mixed = new(new(new(2)), new(new(4)), new(new(12)));
    private static readonly OverheadInputs<Scalar> NoOverhead = new(default, default, new(1));
    private static readonly StageContents<Scalar> Stage = new(
        new(10), new(0), new(10), new(new(1e9), new(0)), new(1e8), new(1), false);

    [Theory]
    [InlineData(Sharding.None, 18e9)]
    [InlineData(Sharding.Zero1, 6e9 + (12e9 / 8))]
    [InlineData(Sharding.Zero2, 2e9 + (16e9 / 8))]
    [InlineData(Sharding.Zero3, (18e9 / 8) + (2 * 6e8))]
    public void States_of_a_billion_parameters_over_eight_ranks(Sharding sharding, double bytes)
    {
        MemoryUse<Scalar> use = MemoryOf(Stage, sharding, 8, NoOverhead);
        Assert.Equal(bytes, (use.Weights + use.Gradients + use.Optimizer).Value.Value, 3);
    }

    [Fact]
    public void Overhead_is_context_communicator_and_what_fragments()
    {
        OverheadInputs<Scalar> overhead = new(new(new(1e9)), new(new(4e8)), new(0.9));
        MemoryUse<Scalar> use = MemoryOf(Stage, Sharding.None, 1, overhead);
        Assert.Equal(0, use.Activations.Value.Value);
        Assert.Equal(1.4e9 + (18e9 / 9), use.Overhead.Value.Value, 3);
        Assert.Equal(1.4e9 + (18e9 / 0.9), use.Total.Value.Value, 3);
    }

    [Theory]
    [InlineData("bf16", "dgx-h100", 2, 12)]
    [InlineData("fp32", "dgx-h100", 4, 8)]
    [InlineData("fp8", "dgx-h100", 4, 12)]
    [InlineData("fp8", "dgx-b200", 3, 12)]
    public void A_format_decides_the_bytes_of_a_weight_and_its_optimizer(string format, string system, double weight, double optimizer)
    {
        Estimate estimate = Estimate(system, format, "none");
        double parameters = estimate.Memory.GradientsBytes / 4;
        Assert.Equal(1, estimate.Memory.WeightsBytes / (weight * parameters), 1e-12);
        Assert.Equal(1, estimate.Memory.OptimizerBytes / (optimizer * parameters), 1e-12);

        // All but the final norm of 4096.
        Assert.Equal(estimate.Model.Parameters - 4096, parameters, 1);
    }

    [Fact]
    public void Lower_precision_is_faster_and_single_precision_slower()
    {
        double half = Estimate("dgx-h100", "bf16", "zero1").Step.Seconds;
        Assert.Equal(half, Estimate("dgx-h100", "fp16", "zero1").Step.Seconds);
        Assert.True(Estimate("dgx-h100", "fp8", "zero1").Step.Seconds < half);
        Assert.True(Estimate("dgx-h100", "fp32", "zero1").Step.Seconds > 4 * half);
    }

    [Theory]
    [InlineData(AttentionKernel.Flash2, true, 34)]
    [InlineData(AttentionKernel.Flash2, false, 32)]
    public void Fused_attention_keeps_four_bytes_of_each_row(AttentionKernel kernel, bool dropout, double perElement)
    {
        // sbh·34/t (32 without masks) and 4 B for each of a·s·b/t rows.
        const double S = 2048, B = 4, H = 6144, A = 64, T = 8;
        LayerInputs<Scalar> layer = Layer(RecomputeModules.None, kernel, dropout);
        Assert.Equal(S * B * ((H * perElement / T) + (4 * A / T)), Activations.Layer(layer).Value.Value, 1);
    }

    [Fact]
    public void Gated_grouped_query_layers_keep_less_of_keys_and_more_of_the_block()
    {
        // Llama 3 8B, t = 1, no dropout: residual 8·T·h, query and context 4·T·h, keys and values 4·T·1024, block 6·T·14336.
        const double T = 8192;
        LayerInputs<Scalar> layer = Hand.Layer(TransformerReader.Read(LegalCases.Embedded, "llama-3-8b"), 8192, 1);
        double expected = T * ((12 * 4096) + (4 * 1024) + (6 * 14336) + (4 * 32));
        Assert.Equal(expected, Activations.Layer(layer).Value.Value, 1);
    }

    [Fact]
    public void Full_recomputation_keeps_the_inputs_of_all_layers_but_the_one_at_work()
    {
        // Six layers and three micro-batches: 17 inputs of 2Th/t, and sbh/t·(34 + 5as/h) for the layer that is whole.
        const double T = 8192, V = 51_200, H = 6144, A = 64, S = 2048, Heads = 8;
        ActivationBytes<Scalar> bytes = Of(RecomputeModules.None, AttentionKernel.Unfused, dropout: true);
        StageContents<Scalar> contents = Stage with { Layers = new(6), InFlight = new(3) };
        double expected = T * H / Heads * ((17 * 2) + 34 + (5 * A * S / H));
        Assert.Equal(expected, Kept(contents, bytes, RecomputePlan.Full), 1);

        // 6 B of each of T·V/t logits, and the head's input of 2·T·h/t.
        double head = Kept(contents with { HasHead = true }, bytes, RecomputePlan.Full) - expected;
        Assert.Equal((6 * T * V / Heads) + (2 * T * H / Heads), head, 1);
    }

    [Theory]
    [InlineData(AttentionKernel.Unfused, true, 5)]
    [InlineData(AttentionKernel.Unfused, false, 2)]
    [InlineData(AttentionKernel.Flash2, true, 0)]
    public void Selective_recomputation_brings_back_the_scores_of_one_layer(AttentionKernel kernel, bool dropout, double perScore)
    {
        // Without recomputation each of 18 layers keeps a·s²·b/t scores, with it the one at work.
        const double Scores = 64 * 2048.0 * 2048 * 4 / 8;
        StageContents<Scalar> contents = Stage with { Layers = new(6), InFlight = new(3) };
        double none = Kept(contents, Of(RecomputeModules.None, kernel, dropout), RecomputePlan.None);
        double selective = Kept(contents, Of(RecomputeModules.Attention, kernel, dropout), RecomputePlan.Selective);
        Assert.Equal(17 * perScore * Scores, none - selective, 1);
    }

    [Fact]
    public void A_layer_of_experts_keeps_its_copies_and_a_prediction_module_a_layer_and_the_head_once_more()
    {
        // 1000 tokens of 1000: residual 8 MB; queries and result 4 MB, keys and values 0.8 MB, 4 B for each of 10 rows; router
        // 4·1000·8; 3000 copies of 2·2·1000 and 6·500.
        Transformer model = Hand.Model with
        {
            Traits = new() { Mixture = new() },
            Experts = new(Hand.Of(8), Hand.Of(2), Hand.Of(500)),
            PredictionLayers = Hand.Of(2),
        };
        RoutingInputs<Scalar> routing = new(new(0), new Scalar(1.5), new(0));
        ActivationBytes<Scalar> bytes = Activations.Of(Hand.Layer(model, 1000, 1), routing);
        const double Mixture = 8e6 + 4.8e6 + 40e3 + 32e3 + (3000 * 7000.0);
        Assert.Equal(Mixture, bytes.Layer.Value.Value, 3);

        // 6 B for each of a million logits and the input of 2 MB; a module joins two states of 2 MB.
        const double Head = 6e6 + 2e6;
        Assert.Equal(Head + (2 * (Head + Mixture + 4e6)), bytes.Head.Value.Value, 3);
    }

    [Fact]
    public void Activations_are_held_for_the_micro_batches_in_flight()
    {
        const string Text = """
            model: gpt3-175b
            training: { tokens: 300G, globalBatchSequences: 64 }
            cluster: { system: dgx-a100-80gb, devices: 64 }
            plan: { tensor: 8, pipeline: 8, recompute: selective }
            site: { grid: fr }
            """;
        EstimatedMemory plain = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(Text)).Memory;
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], plain.Stages.Select(stage => stage.InFlightMicroBatches));
        Assert.Equal(8.0 / 7, plain.Stages[0].ActivationsBytes / plain.Stages[1].ActivationsBytes, 12);
        EstimatedMemory chunks = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(Text, "plan.virtualStages=3")).Memory;
        Assert.Equal(8 + (7.0 / 3), chunks.Stages[0].InFlightMicroBatches, 12);
        EstimatedMemory all = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(Text, "plan.schedule=gpipe")).Memory;
        Assert.All(all.Stages, stage => Assert.Equal(64, stage.InFlightMicroBatches));
    }

    [Fact]
    public void One_layer_is_whole_where_a_stage_has_only_one()
    {
        // 2·1e8/8 of the weights, and 2 + 4 B for each parameter of the layer.
        StageContents<Scalar> one = Stage with { Layers = new(1), Parameters = new(new(1e8), new(0)) };
        MemoryUse<Scalar> use = MemoryOf(one, Sharding.Zero3, 8, NoOverhead);
        Assert.Equal((2e8 / 8) + 6e8, use.Weights.Value.Value, 3);
    }

    [Fact]
    public void Sharded_weights_take_their_share_and_two_whole_layers() => Assert.All(LegalCases.All.Take(50), one =>
    {
        Estimator estimator = new(LegalCases.Embedded);
        Estimate whole = estimator.Estimate(LegalCases.Read(one.Text, "plan.sharding=zero2"));
        Estimate sharded = estimator.Estimate(LegalCases.Read(one.Text, "plan.sharding=zero3"));
        double layer = one.Builder.Assess<Scalar>(one.Plan).Layer.Parameters.Layer.Value;
        StateBytes<Scalar> state = JobInputs<Scalar>.Lift(one.Job).State;
        EstimatedStageMemory before = whole.Memory.Stages[0];
        EstimatedStageMemory after = sharded.Memory.Stages[0];
        double live = Math.Min(2, before.Layers) * (state.Weight + state.Gradient).Value.Value * layer;
        Assert.Equal(1, after.WeightsBytes / ((before.WeightsBytes / whole.Plan.Data) + live), 1e-12);
        Assert.Equal(before.OptimizerBytes, after.OptimizerBytes);
        Assert.Equal(before.GradientsBytes, after.GradientsBytes);
    });

    [Theory]
    [InlineData("recompute", new[] { "none", "selective", "full" })]
    [InlineData("sharding", new[] { "none", "zero1", "zero2" })]
    public void What_saves_memory_saves_it_on_stages_of_one_layer_too(string field, string[] choices)
    {
        const string Text = """
            model: { layers: 8, hidden: 4096, feedForward: 16384, heads: 32, vocabulary: 32000 }
            training: { tokens: 1G, sequenceLength: 8192, globalBatchSequences: 64, dropout: true }
            software: { attentionKernel: unfused }
            cluster: { system: dgx-h100, devices: 64 }
            plan: { pipeline: 8, recompute: full }
            site: { grid: fr }
            """;
        double before = double.PositiveInfinity;
        foreach (string choice in choices)
        {
            Estimate estimate = new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(Text, $"plan.{field}={choice}"));
            double least = estimate.Memory.Stages.Min(stage => stage.TotalBytes);
            Assert.True(least <= before * (1 + 1e-12), choice);
            before = least;
        }
    }

    // Without activations.
    private static MemoryUse<Scalar> MemoryOf(
        in StageContents<Scalar> stage, Sharding sharding, double data, OverheadInputs<Scalar> overhead)
    {
        PlanShape shape = new() { Sharding = sharding };
        ShardedState<Scalar> state = ShardedState<Scalar>.Of(Mixed, shape, new(data));
        return Memory.Stage(stage, state, state, new(default, default, default, default, default), shape, Mixed, overhead);
    }

    private static double Kept(in StageContents<Scalar> stage, ActivationBytes<Scalar> bytes, RecomputePlan recompute) =>
        Activations.Stage(stage, bytes, new() { Recompute = recompute }).Value.Value;

    private static Estimate Estimate(string system, string format, string sharding) =>
        new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read($$"""
            model: llama-2-7b
            training: { tokens: 1G, globalBatchSequences: 64, precision: {{format}} }
            cluster: { system: {{system}}, devices: 8 }
            plan: { sharding: {{sharding}}, microBatch: 2 }
            site: { grid: fr }
            """));

    private static ActivationBytes<Scalar> Of(RecomputeModules again, AttentionKernel kernel, bool dropout) =>
        Activations.Of(Layer(again, kernel, dropout), Hand.Machine.Routing);

    private static LayerInputs<Scalar> Layer(RecomputeModules again, AttentionKernel kernel, bool dropout) =>
        Hand.Layer(TransformerReader.Read(LegalCases.Embedded, "megatron-22b"), 2048, 4, tensor: 8) with
        {
            Options = new() { SequenceParallel = true, Recompute = again, Attention = kernel, Dropout = dropout },
        };
}
