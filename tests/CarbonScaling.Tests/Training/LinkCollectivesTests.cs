using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Physics;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Collectives that follow from links, by hand and against measurements that no parameter was fitted to.</summary>
public sealed class LinkCollectivesTests
{
    [Fact]
    public void Rate_and_latency_by_hand()
    {
        // Two links of a ring at 90 GB/s, 0.82 of it; 5 µs and two sweeps of 8 hops of 1 µs.
        Assert.Equal(147.6e9, LinkCollectives.Rate(new BytesPerSecond<Scalar>(new(90e9)), new(2), new(0.82)).Value.Value, 1);
        Assert.Equal(21e-6, LinkCollectives.Latency(new Seconds<Scalar>(new(5e-6)), new(new(1e-6)), new(8), new(2)).Value.Value, 12);
    }

    [Theory]

    // All-reduce bus bandwidth in GB/s: V100 cube mesh (vTrain), MI300X (RCCL), H100 through switches (a table).
    [InlineData("dgx-1-v100", 2, 22.6, 0.05)]
    [InlineData("dgx-1-v100", 4, 85, 0.05)]
    [InlineData("dgx-1-v100", 8, 134.5, 0.05)]
    [InlineData("jean-zay-v100-32gb", 4, 124.6, 0.02)]
    [InlineData("mi300x-8", 2, 47.7, 0.06)]
    [InlineData("mi300x-8", 8, 312.9, 0.06)]
    [InlineData("gaudi3-8", 8, 513, 0.02)]
    [InlineData("hgx-h800", 8, 160, 0.05)]
    public void A_group_inside_a_node_moves_what_was_measured(string system, int ranks, double gigabytesPerSecond, double tolerance)
    {
        LocalLinks<Scalar> links = LinksOf(Job(system, 16), ranks, 1);
        Assert.InRange(links.AllReduce.Rate.Value.Value / 1e9 / gigabytesPerSecond, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void A_group_in_a_torus_has_the_rate_of_its_rings_and_lines()
    {
        // v5e, 256 chips, links of 45 GB/s, 0.82 of them.
        TrainingJob pod = Job("tpu-v5e-pod", 256);
        Assert.Equal(4 * 45 * 0.82, Rate(pod, 256, 1, static links => links.AllGather), 6);
        Assert.Equal(45 * 0.82, Rate(pod, 4, 1, static links => links.AllGather), 6);
        Assert.Equal(2.5 * 45 * 0.82, Rate(pod, 64, 4, static links => links.ReduceScatter), 6);
        Assert.Equal(45 * 0.82 * 15 / 32, Rate(pod, 16, 1, static links => links.AllToAll), 6);

        // 34 MB gathered along an open line of four: 3/4 of it at 36.9 GB/s are 691 µs, and 3 hops; 680 µs measured.
        CollectiveInputs<Scalar> line = LinksOf(Job("tpu-v5e-pod", 16), 4, 1).AllGather;
        Assert.Equal(8e-6, line.Latency.Value.Value, 12);
        Assert.InRange((0.75 * 34e6 / line.Rate.Value.Value) + 8e-6, 650e-6, 720e-6);

        // A slice of 4 x 4 x 4 closes on v5p: six links.
        Assert.Equal(6 * 90 * 0.82, Rate(Job("tpu-v5p-pod", 64), 64, 1, static links => links.AllGather), 6);
    }

    [Fact]
    public void A_rack_of_72_takes_the_measurement_below_the_size_of_a_group()
    {
        TrainingJob rack = Job("gb200-nvl72", 144);
        Assert.Equal(603, Rate(rack, 2, 1, static links => links.AllReduce), 6);
        Assert.Equal(603, Rate(rack, 3, 1, static links => links.AllReduce), 6);
        Assert.Equal(745, Rate(rack, 36, 1, static links => links.AllReduce), 6);
        Assert.Equal(640, Rate(rack, 72, 1, static links => links.AllToAll), 6);
    }

    [Fact]
    public void Quantising_adds_its_bytes_to_a_product()
    {
        // 2·1000³ FLOP at 50 TFLOP/s, 40 µs; launch 5 µs; 8 B × 10⁶ at 1 TB/s are 8 µs forward and half of it backward.
        GemmInputs<Scalar> plain = new(new(new(100e12)), new(0.5), new(1), new(new(5e-6)), new(0), new(new(1e12)), new(1), new(2));
        GemmInputs<Scalar> quantised = plain with { Quantisation = new Bytes<Scalar>(new(8)) };
        Scalar side = new(1000);
        Assert.Equal(45e-6, Gemm.Forward(side, side, side, new(1), plain).Value.Value, 12);
        Assert.Equal(53e-6, Gemm.Forward(side, side, side, new(1), quantised).Value.Value, 12);
        Assert.Equal(49e-6, Gemm.Backward(side, side, side, new(1), quantised).Value.Value, 12);
    }

    [Theory]
    [InlineData(NumberFormat.Bf16, "16bit", 2, 0)]
    [InlineData(NumberFormat.Fp32, "fp32", 4, 0)]
    [InlineData(NumberFormat.Fp8, "fp8", 1, 2)]
    [InlineData(NumberFormat.Fp8Block, "fp8-block", 1.03125, 2.0625)]
    [InlineData(NumberFormat.MxFp8, "mxfp8", 1.03125, 2.0625)]
    [InlineData(NumberFormat.NvFp4, "nvfp4", 0.5625, 1.125)]
    public void Formats_have_the_bytes_of_their_scales(NumberFormat format, string name, double operand, double weights)
    {
        Assert.Equal(name, format.ParameterName());
        Assert.Equal(operand, format.OperandBytes());
        Assert.Equal(weights, format.QuantisedWeightBytes("hopper"));
        Assert.Equal(format == NumberFormat.Fp8 ? 1 : weights, format.QuantisedWeightBytes("blackwell"));
    }

    private static double Rate(TrainingJob job, int ranks, int stride, Func<LocalLinks<Scalar>, CollectiveInputs<Scalar>> of) =>
        of(LinksOf(job, ranks, stride)).Rate.Value.Value / 1e9;

    private static LocalLinks<Scalar> LinksOf(TrainingJob job, int ranks, int stride) =>
        MachineLift.Links<Scalar>(job, new GroupPlace(FabricTier.ScaleUp, ranks, stride))!;

    private static TrainingJob Job(string system, int devices) => Worlds.Job($$"""
        model: gpt2-medium
        training: { tokens: 1G, globalBatchSequences: 512, precision: {{(system.Contains("v100", StringComparison.Ordinal) ? "fp16" : "bf16")}} }
        cluster: { system: {{system}}, devices: {{devices}} }
        site: { grid: fr }
        calibration: priors
        """).Training;
}
