using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Times of attention and of data movement on a layer and a device of round numbers.</summary>
public sealed class AttentionTests
{
    // h 1000, f 4000, 10 heads of 100 over 2 key-value heads; 1000 tokens, 4 sequences, 2 ranks.
    private static readonly TransformerShape<Scalar> Model = new Transformer
    {
        Id = "round",
        Name = "round numbers",
        Traits = new()
        {
            Activation = Activation.Gelu,
            Normalisation = Normalisation.LayerNorm,
            Biases = Biases.All,
            TiedEmbeddings = true,
        },
        Layers = Of(1),
        Hidden = Of(1000),
        FeedForward = Of(4000),
        Heads = Of(10),
        KeyValueHeads = Of(2),
        HeadDimension = Of(100),
        Vocabulary = Of(1000),
        Positions = Of(0),
    }.Lift<Scalar>();

    // 100 TFLOP/s, half of it in products without launch and memory time; 1 TB/s.
    private static readonly GemmInputs<Scalar> Products = new(
        new(new(100e12)), new(0.5), new(1), default, new(0), new(new(1e12)), new(2), new(2));

    private static readonly MachineInputs<Scalar> Machine = new(
        Products,
        Products,
        new(new(0.6), new(500), new(0.8), new(2.5)),
        new(new(new(1e12)), new(new(1e-6)), new(10)),
        new(new(new(1e-3)), new(1.5), new(new(8)), new(new(4)), new(new(4)), new(0.1), new(0.01), new(new(0.01)), new(new(1e7)), default),
        new(new(new(1e10)), default, new(0), default, new(new(1e10)), default, new(new(1e11))),
        new(new(new(12)), new(new(34))),
        new(8));

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

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Data_movement_is_counted_in_elements(bool split, double ranks)
    {
        // T = 4000: residuals 10·T·h, activation 2·T·f/t, layout 4·T·(500 + 100) elements of 2 B at 1 TB/s; 10 launches.
        double forward = (10 * 4e6 / ranks) + (2 * 4000 * 2000) + (4 * 4000 * 600);
        double backward = (12 * 4e6 / ranks) + (3 * 4000 * 2000) + (4 * 4000 * 600);
        LayerInputs<Scalar> layer = Layer(AttentionKernel.Flash2, split: split);
        Assert.Equal((forward * 2e-12) + 10e-6, Elementwise.Forward(layer, Machine).Value.Value, 12);
        Assert.Equal((backward * 2e-12) + 10e-6, Elementwise.Backward(layer, Machine).Value.Value, 12);

        // (2·1000·1000 + 2·1000·200 + 8·10⁶)/2 weights of 8 B.
        Assert.Equal(5.2e6 * 8e-12, Elementwise.AccumulateGradients(layer, Machine).Value.Value, 15);
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
        PassPair<Scalar> full = Cost(Layer(AttentionKernel.Flash2, recompute: Recomputation.Full), slow);
        Assert.Equal(12.5e-3, full.Backward.Value.Value, 12);

        MachineInputs<Scalar> fast = Machine with { Stack = Machine.Stack with { FloorForward = default } };
        Assert.Equal(0, Cost(Layer(AttentionKernel.Flash2), fast).Both.HostStall.Value.Value);
    }

    [Fact]
    public void Recomputation_adds_what_it_computes_again()
    {
        MachineInputs<Scalar> free = Unfused with { Stack = Machine.Stack with { FloorForward = default } };
        PassPair<Scalar> none = Cost(Layer(AttentionKernel.Unfused), free);
        PassPair<Scalar> selective = Cost(Layer(AttentionKernel.Unfused, recompute: Recomputation.Selective), free);
        PassPair<Scalar> full = Cost(Layer(AttentionKernel.Unfused, recompute: Recomputation.Full), free);
        Assert.Equal((none.Forward, none.Forward), (selective.Forward, full.Forward));
        double attention = AttentionCore.Forward(Layer(AttentionKernel.Unfused), free).Value.Value;
        Assert.Equal(none.Backward.Value.Value + attention, selective.Backward.Value.Value, 12);
        Assert.Equal((none.Forward + none.Backward).Value.Value, full.Backward.Value.Value, 12);
        Assert.Equal(none.Both.Products, selective.Both.Products);
        Assert.Equal(4.0 / 3, (full.Both.Products / none.Both.Products).Value, 12);
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

    private static Figure Of(double value) => new("round", value, "1", "scenario", FigureStatus.Given);

    private static PassPair<Scalar> Cost(LayerInputs<Scalar> layer, MachineInputs<Scalar> machine) =>
        CarbonScaling.Training.Layer.Cost(layer, machine);

    private static LayerInputs<Scalar> Layer(
        AttentionKernel kernel, bool split = false, bool dropout = false, Recomputation recompute = Recomputation.None) =>
        new(Model, new(1000), new(4), new(2), default, new(2), new(split, recompute, kernel, dropout));
}
