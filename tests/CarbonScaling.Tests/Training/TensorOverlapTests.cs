using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Tensor-parallel communication beside the products of a block, by hand.</summary>
public sealed class TensorOverlapTests
{
    // Four ranks in a domain of 100 GB/s and 10 µs: a residual of 4 MB takes 40 µs to gather and to scatter, 70 µs to sum.
    private const double Sweep = 40e-6;
    private const double Sum = 70e-6;

    private static readonly BlockProducts<Scalar> Products = new(new(new(200e-6)), new(new(60e-6)));

    private static readonly MachineInputs<Scalar> Machine = Hand.Machine with
    {
        Products = Hand.Products with { Launch = new(new(5e-6)) },
    };

    [Theory]
    [InlineData(TensorOverlap.None, 2 * Sweep)]

    // A quarter of 40 µs is bare, 30 µs hide behind 150 or 45 µs but for a tenth, and three more launches of 5 µs.
    [InlineData(TensorOverlap.Ring, 2 * (10e-6 + 3e-6 + 15e-6))]
    [InlineData(TensorOverlap.Pipe, 2 * (10e-6 + 3e-6 + 15e-6))]
    public void Forward(TensorOverlap overlap, double seconds) =>
        Assert.Equal(seconds, TensorParallel.Forward(Layer(overlap, split: true), Products, Machine).Value.Value, 12);

    [Theory]

    // The output gradient is gathered bare or in pieces; the input once more and its gradient's sum beside a product of 200 µs.
    [InlineData(TensorOverlap.None, Sweep + (2 * 0.1 * Sweep))]
    [InlineData(TensorOverlap.Ring, 28e-6 + (2 * 0.1 * Sweep))]
    public void Backward(TensorOverlap overlap, double seconds) =>
        Assert.Equal(seconds, TensorParallel.Backward(Layer(overlap, split: true), Products, Machine).Value.Value, 12);

    [Fact]
    public void A_product_that_is_shorter_than_its_collective_covers_no_more_than_itself()
    {
        // 30 of 40 µs beside 15 of 20 µs: 10 bare, 15 not covered, 1.5 of slow-down and 15 of launches.
        BlockProducts<Scalar> small = new(new(new(20e-6)), new(new(20e-6)));
        Assert.Equal(2 * 41.5e-6, TensorParallel.Forward(Layer(TensorOverlap.Ring, split: true), small, Machine).Value.Value, 12);
    }

    [Fact]
    public void Eight_ranks_make_eight_pieces_around_a_ring_and_four_in_a_pipe()
    {
        // 10 µs and 7/8 of 40 µs are 45 µs: 1/8 bare, a tenth of 7/8 hidden beside 200 µs, seven launches; or 1/4, 3/4 and three.
        LayerInputs<Scalar> layer = Layer(TensorOverlap.Ring, split: true, ranks: 8);
        BlockProducts<Scalar> large = new(new(new(200e-6)), new(new(200e-6)));
        double ring = (45e-6 / 8) + (0.1 * 45e-6 * 7 / 8) + 35e-6;
        Assert.Equal(2 * ring, TensorParallel.Forward(layer, large, Machine).Value.Value, 12);
        double pipe = (45e-6 / 4) + (0.1 * 45e-6 * 3 / 4) + 15e-6;
        layer = Layer(TensorOverlap.Pipe, split: true, ranks: 8);
        Assert.Equal(2 * pipe, TensorParallel.Forward(layer, large, Machine).Value.Value, 12);
    }

    [Fact]
    public void Without_a_split_residual_it_is_summed_bare_forward_and_beside_a_product_backward()
    {
        LayerInputs<Scalar> layer = Layer(TensorOverlap.None, split: false);
        Assert.Equal(Sum, TensorParallel.Forward(layer, Products, Machine).Value.Value, 12);
        Assert.Equal(0.1 * Sum, TensorParallel.Backward(layer, Products, Machine).Value.Value, 12);
        LayerInputs<Scalar> bare = layer with { Options = layer.Options with { OverlapsTensorBackward = false } };
        Assert.Equal(Sum, TensorParallel.Backward(bare, Products, Machine).Value.Value, 12);
    }

    private static LayerInputs<Scalar> Layer(TensorOverlap overlap, bool split, int ranks = 4)
    {
        // 2000 tokens of 1000 elements of 2 B.
        CollectiveInputs<Scalar> links = new(new(new(10e-6)), new(0), new(new(100e9)));
        return Hand.Layer(Hand.Model, 2000, 1, tensor: ranks) with
        {
            TensorGroup = new(FabricTier.ScaleUp, new(ranks), new(ranks), Hand.Links(links)),
            Options = new() { Attention = AttentionKernel.Flash2, SequenceParallel = split, TensorOverlap = overlap },
        };
    }
}
