using CarbonScaling.Planning;

namespace CarbonScaling.Tests.Physics;

/// <summary>Memory of every stage of a small pipeline, worked by hand.</summary>
public sealed class PipelineMemoryTests
{
    private const double Hidden = 2048, Inner = 8192, Sequence = 1024, MicroBatch = 2, Tensor = 2, Vocabulary = 32_000;

    private const string Text = """
        model: { layers: 8, hidden: 2048, feedForward: 8192, heads: 16, vocabulary: 32000, activation: gelu, normalisation: layernorm, biases: all, tiedEmbeddings: true }
        training: { tokens: 1G, sequenceLength: 1024, globalBatchSequences: 32, dropout: true }
        software: { attentionKernel: unfused }
        cluster: { system: dgx-a100-80gb, devices: 16 }
        plan: { tensor: 2, pipeline: 4, data: 2, microBatch: 2, sequenceParallel: true, sharding: zero1 }
        site: { grid: fr }
        """;

    [Theory]
    [InlineData("1f1b", new double[] { 4, 3, 2, 1 })]
    [InlineData("gpipe", new double[] { 8, 8, 8, 8 })]
    public void Every_stage_holds_its_weights_and_the_micro_batches_in_flight(string schedule, double[] inFlight)
    {
        EstimatedMemory memory = Worlds.Estimate(Text, $"plan.schedule={schedule}").Memory;
        double matrices = ((4 * Hidden * Hidden) + (2 * Hidden * Inner)) / Tensor;
        double vectors = (4 * Hidden) + (3 * Hidden) + Inner + (2 * Hidden);
        double rows = Vocabulary * Hidden / Tensor;
        double tokens = Sequence * MicroBatch;
        double layer = tokens * Hidden / Tensor * (34 + (5 * 16 * Sequence / Hidden));
        double head = (6 * tokens * Vocabulary / Tensor) + (2 * tokens * Hidden / Tensor);

        Assert.All(memory.Stages, stage =>
        {
            bool isEnd = stage.Stage is 0 or 3;
            double parameters = (2 * (matrices + vectors)) + (isEnd ? rows : 0);
            double activations = (2 * inFlight[stage.Stage] * layer) + (stage.Stage == 3 ? head : 0);
            Assert.Equal(2, stage.Layers);
            Assert.Equal(inFlight[stage.Stage], stage.InFlightMicroBatches);
            Assert.Equal(1, stage.WeightsBytes / (2 * parameters), 1e-12);
            Assert.Equal(1, stage.GradientsBytes / (4 * parameters), 1e-12);
            Assert.Equal(1, stage.OptimizerBytes / (12 * parameters / 2), 1e-12);
            Assert.Equal(1, stage.ActivationsBytes / activations, 1e-12);
        });
        Assert.Equal(memory.Stages.Max(stage => stage.TotalBytes), memory.TotalBytes);
    }

    [Fact]
    public void Full_recomputation_keeps_the_inputs_of_the_layers_and_one_layer_whole()
    {
        EstimatedMemory memory = Worlds.Estimate(Text, "plan.recompute=full").Memory;
        double tokens = Sequence * MicroBatch;
        double input = 2 * tokens * Hidden / Tensor;
        double layer = tokens * Hidden / Tensor * (34 + (5 * 16 * Sequence / Hidden));

        Assert.Equal(1, memory.Stages[0].ActivationsBytes / ((((2 * 4) - 1) * input) + layer), 1e-12);
    }
}
