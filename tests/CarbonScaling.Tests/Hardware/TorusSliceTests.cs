using CarbonScaling.Hardware;

namespace CarbonScaling.Tests.Hardware;

/// <summary>Shapes of slices and the links of groups in them, by hand and against a count of the links of a drawn torus.</summary>
public sealed class TorusSliceTests
{
    private static readonly ScaleUpTopology Flat = new(TopologyForm.Torus, [16, 16], TorusWrap.FullAxis);
    private static readonly ScaleUpTopology Deep = new(TopologyForm.Torus, [16, 20, 28], TorusWrap.MultiplesOfFour);

    [Theory]
    [InlineData(1, new[] { 1, 1 }, new[] { false, false })]
    [InlineData(2, new[] { 1, 2 }, new[] { false, false })]
    [InlineData(16, new[] { 4, 4 }, new[] { false, false })]
    [InlineData(32, new[] { 4, 8 }, new[] { false, false })]
    [InlineData(128, new[] { 8, 16 }, new[] { false, true })]
    [InlineData(256, new[] { 16, 16 }, new[] { true, true })]
    [InlineData(999, new[] { 16, 16 }, new[] { true, true })]
    public void A_flat_pod_gives_slices_as_the_vendor_does(int devices, int[] lengths, bool[] rings)
    {
        TorusSlice slice = TorusSlice.Of(Flat, devices);
        Assert.Equal(lengths, slice.Lengths);
        Assert.Equal(rings, slice.Wrapped);
    }

    [Theory]
    [InlineData(8, new[] { 2, 2, 2 }, new[] { false, false, false })]
    [InlineData(64, new[] { 4, 4, 4 }, new[] { true, true, true })]
    [InlineData(128, new[] { 4, 4, 8 }, new[] { true, true, true })]
    [InlineData(512, new[] { 8, 8, 8 }, new[] { true, true, true })]
    [InlineData(8960, new[] { 16, 20, 28 }, new[] { true, true, true })]
    public void Optical_switches_close_whole_cubes(int devices, int[] lengths, bool[] rings)
    {
        TorusSlice slice = TorusSlice.Of(Deep, devices);
        Assert.Equal(lengths, slice.Lengths);
        Assert.Equal(rings, slice.Wrapped);
    }

    [Fact]
    public void A_number_without_a_shape_takes_the_next_that_has_one()
    {
        // 37 is prime and longer than the longest dimension; 38 = 1 × 2 × 19.
        Assert.Equal([1, 2, 19], TorusSlice.Of(Deep, 37).Lengths);
        for (int devices = 1; devices <= 8960; devices += 13)
        {
            int held = TorusSlice.Of(Deep, devices).Lengths.Aggregate(1, static (product, length) => product * length);
            Assert.InRange(held, devices, devices * 1.25);
        }
    }

    [Theory]

    // A ring of 16: two links, 8 hops across. An all-to-all of 16: 15/16 of 8/16.
    [InlineData(256, 16, 1, 2, 15.0 / 32, 8)]

    // Four neighbours of a ring of 16 are a line: one link, 3 hops; all-to-all 3/4 of 4/4.
    [InlineData(256, 4, 1, 1, 0.75, 3)]

    // Every fourth device of the ring, and the whole other ring: 2/4 + 2 links.
    [InlineData(256, 64, 4, 2.5, 63.0 / 64 / 2, 16)]

    // The whole pod: both rings.
    [InlineData(256, 256, 1, 4, 255.0 / 256 / 2, 16)]

    // Behind a tensor-parallel ring of 16 lies the other ring alone.
    [InlineData(256, 16, 16, 2, 15.0 / 32, 8)]

    // A 4 x 4 slice has no ring: two lines.
    [InlineData(16, 16, 1, 2, 15.0 / 16, 6)]
    public void Groups_have_the_links_of_the_dimensions_that_they_span(
        int devices, int ranks, int stride, double links, double exchange, int hops)
    {
        TorusSpan span = TorusSlice.Of(Flat, devices).Span(ranks, stride);
        Assert.Equal(links, span.Links, 12);
        Assert.Equal(exchange, span.ExchangeLinks, 12);
        Assert.Equal(hops, span.Hops);
    }

    [Fact]
    public void An_all_to_all_over_a_ring_takes_the_time_of_its_busiest_link()
    {
        foreach (int length in new[] { 4, 8, 16 })
        {
            ScaleUpTopology ring = new(TopologyForm.Torus, [length], TorusWrap.FullAxis);
            TorusSpan span = TorusSlice.Of(ring, length).Span(length, 1);

            // Everyone sends 1/n of a unit buffer to everyone on the shorter way, half each where both are as long.
            double[] clockwise = new double[length];
            for (int from = 0; from < length; from++)
            {
                for (int distance = 1; distance <= length / 2; distance++)
                {
                    double share = (2 * distance == length ? 0.5 : 1) / length;
                    for (int hop = 0; hop < distance; hop++)
                    {
                        clockwise[(from + hop) % length] += share;
                    }
                }
            }

            double modelled = (length - 1.0) / length / span.ExchangeLinks;
            Assert.Equal(clockwise.Max(), modelled, 12);
        }
    }
}
