using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Parts of a sequence on several ranks, by hand.</summary>
public sealed class ContextParallelTests
{
    // Four ranks with 1000 tokens each; queries of 1000, keys and values of 200 elements of 2 B: 0.8 MB of keys and values.
    // In the domain 10 µs and 100 GB/s; a transfer in it 9 µs and 50 GB/s: 25 µs for 0.8 MB and 41 µs for twice that.
    [Theory]
    [InlineData(400e-6, 3 * 2.5e-6, 3 * 4.1e-6)]
    [InlineData(40e-6, 3 * (15e-6 + 1e-6), 3 * (31e-6 + 1e-6))]
    [InlineData(0, 3 * 25e-6, 3 * 41e-6)]
    public void A_ring_hides_each_transfer_behind_a_quarter_of_the_attention(double attention, double forward, double backward)
    {
        LayerInputs<Scalar> layer = Layer(ContextMode.Ring, FabricTier.ScaleUp, 4);
        Assert.Equal(forward, ContextParallel.Forward(layer, new(new(attention)), Hand.Machine).Value.Value, 12);
        Assert.Equal(backward, ContextParallel.Backward(layer, new(new(attention)), Hand.Machine).Value.Value, 12);
    }

    [Fact]
    public void A_ring_over_domains_is_as_fast_as_its_link_between_them()
    {
        // 15 µs and 0.8 MB at 8 GB/s.
        LayerInputs<Scalar> layer = Layer(ContextMode.Ring, FabricTier.Both, 2);
        Assert.Equal(3 * 115e-6, ContextParallel.Forward(layer, default, Hand.Machine).Value.Value, 12);
    }

    [Fact]
    public void Gathered_keys_and_values_are_exposed()
    {
        // 3/4 of 3.2 MB at 100 GB/s and 10 µs; backward once more, and their gradients scattered.
        LayerInputs<Scalar> layer = Layer(ContextMode.AllGather, FabricTier.ScaleUp, 4);
        Assert.Equal(34e-6, ContextParallel.Forward(layer, new(new(1)), Hand.Machine).Value.Value, 12);
        Assert.Equal(68e-6, ContextParallel.Backward(layer, new(new(1)), Hand.Machine).Value.Value, 12);
    }

    [Fact]
    public void All_to_alls_bring_heads_and_take_their_result()
    {
        // Queries, keys and values 2.8 MB and the result 2 MB, 3/4 of each at 100 GB/s, 10 µs twice.
        LayerInputs<Scalar> layer = Layer(ContextMode.Ulysses, FabricTier.ScaleUp, 4);
        Assert.Equal(20e-6 + (0.75 * 48e-6), ContextParallel.Forward(layer, new(new(1)), Hand.Machine).Value.Value, 12);
        Assert.Equal(20e-6 + (0.75 * 48e-6), ContextParallel.Backward(layer, new(new(1)), Hand.Machine).Value.Value, 12);

        // Two of four ranks in a domain: half of it leaves over 10 GB/s, after 10 µs more for one doubling.
        LayerInputs<Scalar> apart = Layer(ContextMode.Ulysses, FabricTier.Both, 2);
        Assert.Equal(40e-6 + (0.5 * 480e-6), ContextParallel.Forward(apart, new(new(1)), Hand.Machine).Value.Value, 12);
    }

    [Theory]
    [InlineData(ContextMode.Ring)]
    [InlineData(ContextMode.AllGather)]
    [InlineData(ContextMode.Ulysses)]
    public void One_part_needs_no_other(ContextMode mode)
    {
        LayerInputs<Scalar> layer = Layer(mode, FabricTier.None, 1) with { Context = new(1) };
        Assert.Equal(0, ContextParallel.Forward(layer, default, Hand.Machine).Value.Value);
        Assert.Equal(0, ContextParallel.Backward(layer, default, Hand.Machine).Value.Value);
    }

    [Fact]
    public void Work_and_activations_of_a_rank_are_those_of_its_part()
    {
        LayerInputs<Scalar> whole = Hand.Layer(Hand.Model, 4000, 1);
        LayerInputs<Scalar> part = Layer(ContextMode.AllGather, FabricTier.ScaleUp, 4);
        Assert.Equal(4, (Activations.Layer(whole) / Activations.Layer(part)).Value, 12);
        Assert.Equal(4, (AttentionCore.Forward(whole, Hand.Machine) / AttentionCore.Forward(part, Hand.Machine)).Value, 12);

        // Around a ring the kernel has a quarter of the keys at hand: 1000/(1000 + 500) instead of 4000/(4000 + 500).
        LayerInputs<Scalar> ring = Layer(ContextMode.Ring, FabricTier.ScaleUp, 4);
        double slower = AttentionCore.Forward(ring, Hand.Machine).Value.Value / AttentionCore.Forward(part, Hand.Machine).Value.Value;
        Assert.Equal(4000.0 / 4500 * 1.5, slower, 12);
    }

    private static LayerInputs<Scalar> Layer(ContextMode mode, FabricTier tier, int local)
    {
        CollectiveInputs<Scalar> links = new(new(new(10e-6)), new(0), new(new(100e9)));
        return Hand.Layer(Hand.Model, 4000, 1) with
        {
            Context = new(4),
            ContextGroup = new(tier, new(4), new(local), tier == FabricTier.None ? null : Hand.Links(links)),
            Options = new() { Attention = AttentionKernel.Flash2, ContextMode = mode },
        };
    }
}
