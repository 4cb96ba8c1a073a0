using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Times of attention and of data movement on a layer and a device of round numbers.</summary>
public sealed class AttentionTests
{
    // GELU and LayerNorm; 1000 tokens, 4 sequences, 2 ranks; the host needs a millisecond for a forward pass.
    private static readonly Transformer Model = Hand.Model with
    {
        Traits = new()
        {
            Activation = Activation.Gelu,
            Normalisation = Normalisation.LayerNorm,
            Biases = Biases.All,
            TiedEmbeddings = true,
        },
    };

    private static readonly MachineInputs<Scalar> Machine = Hand.Machine with
    {
        Stack = Hand.Machine.Stack with { FloorForward = new(new(1e-3)) },
    };

    private static readonly MachineInputs<Scalar> Unfused = Machine with { Attention = null };

    [Fact]
    public void A_fused_kernel_executes_the_causal_half()
    {
        // 2·s²·a·d·b/t = 2·10⁶·10·100·4/2 = 4 GFLOP at 100 × 0.6 × 1000/1500 = 40 TFLOP/s are 100 µs; 2.5 times at 0.8: 312.5 µs.
        LayerInputs<Scalar> layer = Layer(AttentionKernel.Flash2);
        Assert.Equal(100e-6, AttentionCore.Forward(layer, Machine).Value.Value, 12);
        Assert.Equal(312.5e-6, AttentionCore.Backward(layer, Machine).Value.Value, 12);
    }

    [Theory]
    [InlineData(false, 4, 6)]
    [InlineData(true, 9, 11)]
    public void Scores_in_memory_are_multiplied_in_full_and_moved(bool dropout, double forwardBytes, double backwardBytes)
    {
        // 2·s²·d·(a/t)·b = 4 GFLOP per product at 50 TFLOP/s are 80 µs, two forward and four backward; 20 M scores at the
        // bytes read and written, and one launch of 1 µs.
        LayerInputs<Scalar> layer = Layer(AttentionKernel.Unfused, dropout: dropout);
        Assert.Equal(160e-6 + (20 * forwardBytes * 1e-6) + 1e-6, AttentionCore.Forward(layer, Unfused).Value.Value, 12);
        Assert.Equal(320e-6 + (20 * backwardBytes * 1e-6) + 1e-6, AttentionCore.Backward(layer, Unfused).Value.Value, 12);
    }

    [Fact]
    public void Latent_attention_multiplies_wide_keys_and_narrow_values()
    {
        // Queries and keys of 100 + 60, values of 50: 2·s²·(160 + 50)·(a/t)·b = 8.4 GFLOP, at 50 TFLOP/s 168 µs; 20 M scores
        // of 2 B read and written and one launch; backward twice the products, and a score read once more. Fused 4.2 GFLOP at
        // 40 TFLOP/s.
        Transformer latent = Model with
        {
            KeyValueHeads = Hand.Of(10),
            Latent = new(null, Hand.Of(200), Hand.Of(60), Hand.Of(50)),
            Traits = Model.Traits with { Attention = AttentionKind.Latent },
        };
        LayerInputs<Scalar> layer = Hand.Layer(latent, 1000, 4, tensor: 2);
        Assert.Equal(168e-6 + 80e-6 + 1e-6, AttentionCore.Forward(layer, Unfused).Value.Value, 12);
        Assert.Equal(336e-6 + 120e-6 + 1e-6, AttentionCore.Backward(layer, Unfused).Value.Value, 12);
        Assert.Equal(105e-6, AttentionCore.Forward(layer, Machine).Value.Value, 12);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Data_movement_is_counted_in_elements(bool split, double ranks)
    {
        // T = 4000: residuals 10·T·h, activation 2·T·f/t, layout 4·T·(500 + 100) elements of 2 B at 1 TB/s; 10 launches.
        double forward = (10 * 4e6 / ranks) + (2 * 4000 * 2000) + (4 * 4000 * 600);
        double backward = (12 * 4e6 / ranks) + (3 * 4000 * 2000) + (4 * 4000 * 600);
        LayerInputs<Scalar> layer = Layer(AttentionKernel.Flash2, split: split);
        PassPair<Scalar> cost = CarbonScaling.Training.Layer.Dense(layer, Machine);
        Assert.Equal((forward * 2e-12) + 10e-6, cost.ForwardParts.Memory.Value.Value, 12);

        // Backward too, (2·1000·1000 + 2·1000·200 + 8·10⁶)/2 weights of 8 B.
        Assert.Equal(
            (backward * 2e-12) + 10e-6 + (5.2e6 * 8e-12), (cost.Both.Memory - cost.ForwardParts.Memory).Value.Value, 12);
    }

    [Fact]
    public void Products_of_a_layer_have_six_FLOPs_per_weight_and_token()
    {
        // A rank has 5.2 M weights and 4000 tokens: 41.6 GFLOP at 50 TFLOP/s are 832 µs forward, and twice that backward.
        PassPair<Scalar> cost = Cost(Layer(AttentionKernel.Flash2), Machine);
        Assert.Equal(3 * 832e-6, cost.Both.Products.Value.Value, 12);
        Assert.Equal(412.5e-6, cost.Both.Attention.Value.Value, 12);
    }

    [Fact]
    public void A_layer_takes_at_least_what_the_host_needs_to_launch_it()
    {
        MachineInputs<Scalar> slow = Machine with { Stack = Machine.Stack with { FloorForward = new(new(5e-3)) } };
        PassPair<Scalar> none = Cost(Layer(AttentionKernel.Flash2), slow);
        Assert.Equal(5e-3, none.Forward.Value.Value, 12);
        Assert.Equal(7.5e-3, none.Backward.Value.Value, 12);
        Assert.Equal(12.5e-3, none.Both.Total.Value.Value, 12);
        Assert.Equal(12.5e-3, Stage(none, RecomputePlan.Full).FirstBackward.Value, 12);

        MachineInputs<Scalar> fast = Machine with { Stack = Machine.Stack with { FloorForward = default } };
        Assert.Equal(0, Cost(Layer(AttentionKernel.Flash2), fast).Both.HostStall.Value.Value);
    }

    [Fact]
    public void Recomputation_adds_what_it_computes_again()
    {
        MachineInputs<Scalar> free = Unfused with { Stack = Machine.Stack with { FloorForward = default } };
        PassPair<Scalar> none = Cost(Layer(AttentionKernel.Unfused), free);
        PassPair<Scalar> selective = Cost(Layer(AttentionKernel.Unfused, again: RecomputeModules.Attention), free);
        Assert.Equal(none.Forward, selective.Forward);
        double attention = AttentionCore.Forward(Layer(AttentionKernel.Unfused), free).Value.Value;
        Assert.Equal(none.Backward.Value.Value + attention, selective.Backward.Value.Value, 12);
        Assert.Equal(none.Both.Products, selective.Both.Products);

        PipelineStages<Scalar> whole = Stage(none, RecomputePlan.None);
        PipelineStages<Scalar> full = Stage(none, RecomputePlan.Full);
        Assert.Equal((none.Forward.Value, none.Forward.Value), (whole.FirstForward, full.FirstForward));
        Assert.Equal(none.Backward.Value.Value, whole.FirstBackward.Value, 12);
        Assert.Equal((none.Forward + none.Backward).Value.Value, full.FirstBackward.Value, 12);
        Assert.Equal(4.0 / 3, (Passes(none, RecomputePlan.Full).Products / none.Both.Products).Value, 12);
    }

    [Fact]
    public void Embedding_and_head_by_hand()
    {
        // The lookup reads and writes 8 MB: 16 µs and a launch, both ways. The head's 500 columns: 4 GFLOP or 80 µs, three times;
        // 14 B of each of 2 M logits are 28 µs; backward 4 µs, and 8 B of 0.5 M weights 4 µs; two launches.
        PassPair<Scalar> embedding = EndLayers.Embedding(Layer(AttentionKernel.Flash2), Machine);
        Assert.Equal(17e-6, embedding.Forward.Value.Value, 12);
        Assert.Equal(17e-6, embedding.Backward.Value.Value, 12);
        PassPair<Scalar> head = EndLayers.Head(Layer(AttentionKernel.Flash2), Machine);
        Assert.Equal(109e-6, head.Forward.Value.Value, 12);
        Assert.Equal(169e-6, head.Backward.Value.Value, 12);
        Assert.Equal(240e-6, head.Both.Products.Value.Value, 12);
        Assert.Equal(38e-6, head.Both.Memory.Value.Value, 12);
    }

    private static PassPair<Scalar> Cost(LayerInputs<Scalar> layer, MachineInputs<Scalar> machine) =>
        CarbonScaling.Training.Layer.Dense(layer, machine);

    // One layer on the only stage, without embedding and head.
    private static PipelineStages<Scalar> Stage(PassPair<Scalar> layer, RecomputePlan recompute)
    {
        PlanInputs<Scalar> plan = Hand.Plan(1) with { RecomputedLayers = new(1) };
        return StageTimes.Of(Costs(layer), plan, new() { Recompute = recompute }, Hand.Exchange(Hand.Alone), Machine);
    }

    private static PassTime<Scalar> Passes(PassPair<Scalar> layer, RecomputePlan recompute)
    {
        PlanInputs<Scalar> plan = Hand.Plan(1) with { RecomputedLayers = new(1) };
        return StageTimes.BusiestPasses(Costs(layer), plan, new() { Recompute = recompute }, Hand.Exchange(Hand.Alone), Machine);
    }

    private static LayerCosts<Scalar> Costs(PassPair<Scalar> layer)
    {
        PassPair<Scalar> nothing = PassPair<Scalar>.Of(PassTime<Scalar>.Zero, PassTime<Scalar>.Zero, default);
        return new(
            layer,
            layer,
            nothing,
            nothing,
            RankParameters<Scalar>.Of(Layer(AttentionKernel.Flash2)),
            new(default, default, default, default, default),
            default);
    }

    private static LayerInputs<Scalar> Layer(
        AttentionKernel kernel, bool split = false, bool dropout = false, RecomputeModules again = RecomputeModules.None) =>
        Hand.Layer(Model, 1000, 4, tensor: 2) with
        {
            Options = new() { SequenceParallel = split, Recompute = again, Attention = kernel, Dropout = dropout },
        };
}
