using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Figures worked out by hand.</summary>
public sealed class HandWorkedTests
{
    [Fact]
    public void A_matrix_product()
    {
        GemmInputs<Scalar> gemm = new(new(new(100e12)), new(0.5), new(0.8), new(new(5e-6)), new(2), new(new(1e12)), new(2), new(2));

        // 2·1000³ FLOP at 50 TFLOP/s are 40 µs; three matrices of 2 MB at 1 TB/s are 6 µs, twice 12 µs; launch 5 µs.
        Assert.Equal(57e-6, Gemm.Forward<Scalar>(new(1000), new(1000), new(1000), new(1), gemm).Value.Value, 12);

        // At 0.8 of the efficiency the 40 µs become 50 µs.
        Assert.Equal(67e-6, Gemm.Backward<Scalar>(new(1000), new(1000), new(1000), new(1), gemm).Value.Value, 12);
    }

    [Theory]
    [InlineData(FabricTier.ScaleUp, 8, 8, 10e-6 + (1e-9 * 1000) + (1.75 * 1e-5))]
    [InlineData(FabricTier.ScaleOut, 4, 1, (2 * 20e-6) + (2e-9 * 1000) + (1.5 * 1e-4))]
    [InlineData(FabricTier.Both, 16, 8, 10e-6 + 20e-6 + (2e-9 * 1000) + (1.875 * 1.25e-5))]
    public void An_all_reduce_of_a_megabyte(FabricTier tier, int ranks, int local, double seconds)
    {
        // 100 GB/s in the domain, 10 GB/s per device between domains: eight devices together have 80 GB/s.
        CollectiveInputs<Scalar> links = new(new(new(10e-6)), new(1e-9), new(new(100e9)));
        NetworkInputs<Scalar> network = new(
            new(new(10e9)), new(new(20e-6)), new(2e-9), default, new(new(1)), default, new(new(1)));
        GroupInputs<Scalar> group = new(tier, new(ranks), new(local), Hand.Links(links));
        Assert.Equal(seconds, Collectives.AllReduce(new Bytes<Scalar>(new(1e6)), group, network).Value.Value, 12);
    }

    [Theory]
    [InlineData(false, "none", 10, 24, 5)]
    [InlineData(true, "none", 0, 34, 5)]
    [InlineData(true, "selective", 0, 34, 0)]
    public void Activations_of_a_layer_are_those_of_Korthikanti(bool split, string recompute, double whole, double shared, double scores)
    {
        // sbh(whole + shared/t + scores·as/(ht)): GELU, f = 4h, multi-head, dropout, scores in memory.
        const double H = 6144, A = 64, S = 2048, B = 4, Heads = 8;
        LayerInputs<Scalar> layer = LayerOf(split, recompute);
        double expected = S * B * H * (whole + (shared / Heads) + (scores * A * S / (H * Heads)));
        Assert.Equal(expected, Activations.Layer(layer).Value.Value, 1);
        Assert.Equal(2 * S * B * H / (split ? Heads : 1), Activations.LayerInput(layer).Value.Value, 1);
    }

    [Theory]
    [InlineData("none", 18, 46)]
    [InlineData("zero1", 6 + (12.0 / 8), 12 + (34.0 / 8))]
    [InlineData("zero2", 2 + (16.0 / 8), 46.0 / 8)]
    public void State_bytes_and_optimizer_bytes_per_parameter(string sharding, double state, double moved)
    {
        string text = $$"""
            model: llama-2-7b
            training: { tokens: 1G, sequenceLength: 2048, globalBatchSequences: 8 }
            cluster: { system: dgx-h100, devices: 8 }
            plan: { sharding: {{sharding}} }
            site: { grid: fr }
            calibration: priors
            """;
        var scenario = LegalCases.Read(text);
        Estimate estimate = new Estimator(LegalCases.Embedded).Estimate(scenario);
        double parameters = estimate.Model.Parameters - 4096;
        double kept = estimate.Memory.WeightsBytes + estimate.Memory.GradientsBytes + estimate.Memory.OptimizerBytes;
        Assert.Equal(1, kept / (state * parameters), 1e-9);
        CarbonJob job = JobBuilder.Build(scenario, LegalCases.Embedded).Job;
        double bandwidth = JobInputs<Scalar>.Lift(job).Machine.Memory.Bandwidth.Value.Value;
        Assert.Equal(1, estimate.Step.OptimizerSeconds / (moved * parameters / bandwidth), 1e-9);
    }

    [Theory]
    [InlineData(70, 12, 1, 5, 6, 5)]
    [InlineData(126, 16, 8, 7, 8, 7)]
    [InlineData(96, 8, 3, 12, 12, 12)]
    [InlineData(10, 4, 1, 2, 3, 2)]
    [InlineData(11, 4, 1, 3, 3, 2)]
    public void Layers_are_split_over_the_stages(int layers, int stages, int chunks, int first, int middle, int last)
    {
        Assert.True(LayerSplit.TrySplit(layers, stages, chunks, out LayerSplit split));
        Assert.Equal((first, middle, last), (split.First, split.Middle, split.Last));
        Assert.Equal(layers, Enumerable.Range(0, stages).Sum(stage => split.LayersOf(stage, stages)));
    }

    [Theory]
    [InlineData(8, 1, 8, FabricTier.ScaleUp, 8)]
    [InlineData(16, 1, 8, FabricTier.Both, 8)]
    [InlineData(4, 8, 8, FabricTier.ScaleOut, 1)]
    [InlineData(8, 4, 8, FabricTier.Both, 2)]
    [InlineData(1, 8, 8, FabricTier.None, 1)]
    public void A_group_spans_the_levels_that_its_place_gives(int ranks, int stride, int domain, FabricTier tier, int local)
    {
        GroupPlacement place = GroupPlacement.Of(ranks, stride, domain);
        Assert.Equal((tier, local), (place.Tier, place.LocalRanks));
    }

    private static LayerInputs<Scalar> LayerOf(bool split, string recompute)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, "megatron-22b");
        return Hand.Layer(model, 2048, 4, tensor: 8) with
        {
            Options = new()
            {
                SequenceParallel = split,
                Recompute = recompute == "selective" ? RecomputeModules.Attention : RecomputeModules.None,
                Attention = AttentionKernel.Unfused,
                Dropout = true,
            },
        };
    }
}
