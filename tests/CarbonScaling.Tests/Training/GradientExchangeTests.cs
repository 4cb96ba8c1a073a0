using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>What of the exchange of gradients and weights is easily left out: the last micro-batch, the ends, a shared embedding.</summary>
public sealed class GradientExchangeTests
{
    // Four nodes, one rank in each; in rounds of Hand: 10 GB/s, 10 µs a sweep and doubling, a tenth of interference.
    private static readonly ExchangeGroups<Scalar> FourNodes = Hand.Exchange(new(FabricTier.ScaleOut, new(4), new(1), null));

    [Theory]
    [InlineData(1, 2.3e-3)]
    [InlineData(4, 1.625e-3)]
    [InlineData(1000, 1.40090e-3)]
    public void The_gradients_of_the_last_micro_batch_have_no_forward_pass_to_hide_beside(double microBatches, double seconds)
    {
        // Ten layers of 320 µs: the first is exposed. Beside both passes of 1 ms each, of 2.88 ms 0.88 remain, and 0.2 for the
        // slow-down; beside the backward pass alone 1.88 and 0.1. With four micro-batches the former thrice: 1.305 ms.
        Assert.Equal(seconds, InBackward(1e7, 10, 1e-3, 1e-3, microBatches), 7);
    }

    [Fact]
    public void A_forward_pass_that_hides_more_than_is_left_does_not_help_the_last()
    {
        // Two layers of 1.52 ms. Beside 2 ms only the slow-down of 0.152 ms remains, beside 1 ms 0.52 ms and 0.1 ms: of two
        // micro-batches each once.
        Assert.Equal(1.52e-3 + ((0.152e-3 + 0.62e-3) / 2), InBackward(1e7, 2, 1e-3, 1e-3, 2), 12);
    }

    [Theory]
    [InlineData(Sharding.Zero2, 0, 2.14e-3)]
    [InlineData(Sharding.Zero3, 1.09e-3, 3.23e-3)]
    public void Embedding_and_head_are_exchanged_with_the_layers(Sharding sharding, double forward, double backward)
    {
        // Two layers of a million parameters, embedding and head of five: two exchanges of 3.5 million, 14 MB of gradients and
        // 7 MB of weights. 0.75 × 1.4 ms and 20 µs are 1.07 ms; 0.75 × 0.7 ms and 20 µs 0.545 ms.
        RankParameters<Scalar> parameters = new(new(1e6), new(0), new(1e6), new(3e6), new(2e6), new(0), new(0), false);
        PlanInputs<Scalar> plan = Hand.Plan(2);
        PlanShape shape = new() { Sharding = sharding };
        PassExposure<Scalar> exposed = new StageExchange<Scalar>(parameters, plan, shape, FourNodes, Hand.Machine)
            .On(StagePlace.First, new(2), new(0), new(0), new(0));
        Assert.Equal(forward, exposed.Forward.Value.Value, 12);
        Assert.Equal(backward, exposed.Backward.Value.Value, 12);
    }

    [Theory]
    [InlineData(FabricTier.ScaleOut, 15e-6 + 500e-6)]
    [InlineData(FabricTier.ScaleUp, 9e-6 + 80e-6)]
    public void The_gradients_of_a_shared_embedding_are_added_up_between_first_and_last_stage(FabricTier tier, double seconds) =>
        Assert.Equal(
            seconds,
            DataParallel.TiedEmbedding(new Scalar(1e6), new() { Transfer = tier }, Hand.Machine).Value.Value,
            12);

    [Theory]
    [InlineData("plan.pipeline=8", 1)]
    [InlineData("plan.pipeline=1", 0)]
    public void A_shared_embedding_costs_its_exchange_only_where_two_stages_hold_it(string setting, int exchanges)
    {
        const string Text = """
            model: { layers: 16, hidden: 4096, feedForward: 16384, heads: 32, vocabulary: 32000 }
            training: { tokens: 10G, sequenceLength: 2048, globalBatchSequences: 64 }
            cluster: { system: dgx-h100, devices: 64 }
            plan: { sharding: none }
            site: { grid: fr }
            """;
        double Seconds(string tied) => new Estimator(LegalCases.Embedded)
            .Estimate(LegalCases.Read(Text, setting, "model.tiedEmbeddings=" + tied)).Step.DataCommSeconds;
        CarbonJob job = JobBuilder.Build(LegalCases.Read(Text, setting), LegalCases.Embedded).Job;
        NetworkInputs<Scalar> network = JobInputs<Scalar>.Lift(job).Machine.Network;
        double exchange = network.TransferLatency.Value.Value + (4.0 * 32000 * 4096 / network.TransferRate.Value.Value);

        // With one stage the model holds the head's weights once instead of twice, and sends less.
        double difference = Seconds("true") - Seconds("false");
        Assert.True(exchanges == 1 ? Math.Abs((difference / exchange) - 1) < 1e-9 : difference < 0, $"{difference} of {exchange}");
    }

    // Layers of so many parameters in all, 4 B of gradient each: 0.75 × 4 B/10 GB/s, and 20 µs for each layer.
    private static double InBackward(double parameters, double layers, double forward, double backward, double microBatches) =>
        DataParallel.InBackward<Scalar>(
            new(new(parameters), new(0)),
            new(layers),
            FourNodes,
            new() { Sharding = Sharding.Zero2 },
            new(new(forward)),
            new(new(backward)),
            new(microBatches),
            Hand.Machine).Value.Value;
}
