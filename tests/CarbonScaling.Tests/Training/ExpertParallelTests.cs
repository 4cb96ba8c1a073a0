using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Tokens on their way to experts against a simulation of random routing, and by hand.</summary>
public sealed class ExpertParallelTests
{
    public static TheoryData<int, int, int, int, int, int> Routings { get; } = new()
    {
        // Experts, visits, ranks, ranks of a domain, groups, groups of a token.
        { 8, 2, 8, 8, 1, 1 },
        { 8, 2, 8, 1, 1, 1 },
        { 8, 2, 4, 2, 1, 1 },
        { 16, 4, 16, 8, 1, 1 },
        { 64, 6, 16, 8, 1, 1 },
        { 128, 8, 32, 8, 1, 1 },
        { 256, 8, 64, 8, 8, 4 },
        { 256, 8, 32, 8, 8, 4 },
        { 256, 8, 128, 8, 8, 4 },
        { 256, 8, 64, 8, 1, 1 },
        { 160, 6, 16, 4, 8, 3 },
        { 16, 1, 16, 8, 1, 1 },
        { 6, 6, 3, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Routings))]
    public void Copies_are_those_of_random_routing(int experts, int visits, int ranks, int domain, int groups, int limit)
    {
        RoutingSimulation simulation = new(experts, visits, ranks, domain, groups, limit);
        foreach (MoeDispatcher dispatcher in new[] { MoeDispatcher.AllToAll, MoeDispatcher.DeepEp })
        {
            LayerInputs<Scalar> layer = Layer(experts, visits, ranks, domain, groups, limit, dispatcher);
            (double remote, double local) = simulation.Copies(once: dispatcher == MoeDispatcher.DeepEp);
            Near(remote, ExpertParallel.RemoteCopies(layer).Value);
            Near(local, ExpertParallel.LocalCopies(layer).Value);
        }

        // The mean of 200,000 tokens is off by a few thousandths.
        static void Near(double simulated, double predicted) =>
            Assert.InRange(predicted, (simulated * 0.99) - 1e-9, (simulated * 1.01) + 1e-9);
    }

    [Theory]
    [InlineData(8, 2, 8, 2.0)]
    [InlineData(8, 2, 4, 4 * (1 - (6.0 / 8 * 5 / 7)))]
    [InlineData(6, 6, 3, 3.0)]
    [InlineData(256, 8, 1, 1.0)]
    public void Different_experts_lie_on_different_places(int experts, int visits, int places, double distinct) => Assert.Equal(
        distinct,
        ExpertParallel.Distinct(new Scalar(places), Model(experts, visits, 1, 1).Lift<Scalar>()).Value,
        12);

    [Theory]
    [InlineData(8, 2)]
    [InlineData(8, 4)]
    [InlineData(8, 8)]
    [InlineData(16, 8)]
    [InlineData(64, 8)]
    [InlineData(128, 16)]
    [InlineData(256, 64)]
    public void The_busiest_rank_is_that_of_loads_of_the_given_deviation(int experts, int ranks)
    {
        const double Deviation = 0.3;
        LayerInputs<Scalar> layer = Layer(experts, 1, ranks, ranks, 1, 1, MoeDispatcher.AllToAll);
        double predicted = ExpertParallel.Imbalance(layer, new(new(Deviation), null, new(0))).Value;
        Assert.InRange(predicted / Simulated(experts, ranks, Deviation), 0.982, 1.004);
    }

    [Fact]
    public void Imbalance_is_given_or_none_on_one_rank_and_at_most_the_capacity()
    {
        LayerInputs<Scalar> one = Layer(8, 2, 1, 1, 1, 1, MoeDispatcher.AllToAll);
        Assert.Equal(1, ExpertParallel.Imbalance(one, new(new(0.5), null, new(0))).Value);
        Assert.Equal(1, ExpertParallel.Imbalance(Layer(1, 1, 1, 1, 1, 1, MoeDispatcher.AllToAll), new(new(0.5), null, new(0))).Value);
        Assert.Equal(1.7, ExpertParallel.Imbalance(one, new(new(0.5), new Scalar(1.7), new(0))).Value);
        Transformer capped = Model(8, 2, 1, 1);
        capped = capped with { Experts = capped.Experts! with { CapacityFactor = Hand.Of(1.25) } };
        LayerInputs<Scalar> full = Hand.Layer(capped, 1000, 1) with { Expert = new(8) };
        Assert.Equal(1.25, ExpertParallel.Imbalance(full, new(new(0.5), null, new(0))).Value);
        Assert.Equal(1.1, ExpertParallel.Imbalance(full, new(new(0.5), new Scalar(1.1), new(0))).Value);
    }

    [Fact]
    public void An_exchange_by_hand()
    {
        // 1000 tokens of 1000 elements of 2 B to two of eight experts, of which two domains hold four each: 2 MB a copy, one of
        // the two leaves the domain, and three quarters of the other the rank. At 10 GB/s 200 µs, at 100 GB/s 15 µs; an empty
        // one takes 10 µs in the domain and one doubling of 10 µs between domains. The busiest rank has 1.5 times that.
        LayerInputs<Scalar> layer = Layer(8, 2, 8, 4, 1, 1, MoeDispatcher.AllToAll);
        Assert.Equal(20e-6 + (1.5 * 200e-6), Exchange(layer, 2, 1.5), 12);

        // In one domain: seven eighths of two copies at 100 GB/s.
        LayerInputs<Scalar> local = Layer(8, 2, 8, 8, 1, 1, MoeDispatcher.AllToAll);
        Assert.Equal(10e-6 + (1.75 * 20e-6), Exchange(local, 2, 1), 12);

        // Sent once per domain, in one byte: both experts are in the same domain with 3/7, so 11/7 domains, one half of them
        // another one.
        LayerInputs<Scalar> once = Layer(8, 2, 8, 4, 1, 1, MoeDispatcher.DeepEp);
        Assert.Equal(20e-6 + (11.0 / 14 * 100e-6), Exchange(once, 1, 1), 12);

        // Gathered: the tokens of eight ranks over four interfaces of 10 GB/s in each domain.
        LayerInputs<Scalar> gathered = Layer(8, 2, 8, 4, 1, 1, MoeDispatcher.AllGather);
        Assert.Equal(20e-6 + (7.0 / 8 * 16e6 / 40e9), Exchange(gathered, 2, 1), 12);

        // With sequence parallelism each of two ranks sends half of the tokens.
        LayerInputs<Scalar> half = local with { Tensor = new(2), Options = local.Options with { SequenceParallel = true } };
        Assert.Equal(10e-6 + (1.75 * 10e-6), Exchange(half, 2, 1), 12);

        static double Exchange(LayerInputs<Scalar> layer, double bytes, double imbalance) =>
            ExpertParallel.Exchange(layer, new Scalar(bytes), new Scalar(imbalance), Hand.Network).Value.Value;
    }

    [Fact]
    public void A_block_of_experts_by_hand()
    {
        // 4000 tokens, two of eight experts of width 500 on four ranks that two share each: 4000·2·2/2 = 8000 copies on a rank
        // of 250 channels of two experts. Into 2·2·1000·250·8000 and out of it half: 12 GFLOP; router 2·2000·8·1000: 32 MFLOP;
        // at 50 TFLOP/s 240.64 µs forward, and twice that backward.
        Transformer model = Model(8, 2, 1, 1);
        LayerInputs<Scalar> layer = Hand.Layer(model, 1000, 4, tensor: 2) with
        {
            Expert = new(4),
            ExpertTensor = new(2),
            Options = new() { SequenceParallel = true, Attention = AttentionKernel.Flash2 },
        };
        PassTime<Scalar> forward = ExpertBlock.Forward(layer, Hand.Machine);
        Assert.Equal(240.64e-6, forward.Products.Value.Value, 12);
        Assert.Equal(481.28e-6, ExpertBlock.Backward(layer, Hand.Machine).Products.Value.Value, 12);

        // Data moved: norms and residual 5·2 MB by one rank of two and four launches; sorting (2·2 + 2)·2 MB and two, and
        // by expert on arrival and back 8·2 MB and two; the nonlinearity 3·8000·250 elements and one.
        double elements = (5 * 2e6) + (14 * 2e6) + (3 * 8000 * 250);
        Assert.Equal((elements * 2e-12) + 9e-6, forward.Memory.Value.Value, 12);
    }

    // Two experts on a rank, each with a product in and one out: launched one by one the second adds 2 launches of 10 µs forward
    // and twice that backward; as one group of HybridEP none, and the host that waited 30 µs for the counts does not.
    [Fact]
    public void Launches_and_synchronisation_are_those_of_the_dispatcher()
    {
        MachineInputs<Scalar> machine = Hand.Machine with
        {
            Products = Hand.Products with { Launch = new(new(10e-6)) },
            Stack = Hand.Machine.Stack with { MixtureSynchronisation = new(new(30e-6)) },
        };
        MachineInputs<Scalar> separate = machine with { Stack = machine.Stack with { LaunchesPerExpert = new(1) } };
        LayerInputs<Scalar> Layer(MoeDispatcher dispatcher) => Hand.Layer(Model(8, 2, 1, 1), 1000, 4) with
        {
            Expert = new(4),
            Options = new() { Attention = AttentionKernel.Flash2, Dispatcher = dispatcher },
        };
        double More(Func<MachineInputs<Scalar>, PassTime<Scalar>> pass) =>
            pass(separate).Products.Value.Value - pass(machine).Products.Value.Value;

        LayerInputs<Scalar> exchanged = Layer(MoeDispatcher.AllToAll);
        Assert.Equal(20e-6, More(with => ExpertBlock.Forward(exchanged, with)), 12);
        Assert.Equal(40e-6, More(with => ExpertBlock.Backward(exchanged, with)), 12);
        Assert.Equal(0, More(with => ExpertBlock.Forward(Layer(MoeDispatcher.HybridEp), with)), 12);
        double Wait(MoeDispatcher dispatcher, double synchronisation) => CarbonScaling.Training.Layer.Mixture(
            Layer(dispatcher), machine with { Stack = machine.Stack with { MixtureSynchronisation = new(new(synchronisation)) } }).Forward.Value.Value;
        Assert.Equal(30e-6, Wait(MoeDispatcher.AllToAll, 30e-6) - Wait(MoeDispatcher.AllToAll, 0), 12);
        Assert.Equal(0, Wait(MoeDispatcher.HybridEp, 30e-6) - Wait(MoeDispatcher.HybridEp, 0), 12);
    }

    private static double Simulated(int experts, int ranks, double deviation)
    {
        const int Runs = 4000;
        Random random = new(1);
        double sum = 0;
        for (int run = 0; run < Runs; run++)
        {
            double[] loads = [.. Enumerable.Range(0, experts).Select(_ => Normal(random))];
            double mean = loads.Average();
            double spread = Math.Sqrt(loads.Average(load => (load - mean) * (load - mean)));
            sum += loads.Chunk(experts / ranks).Max(rank => rank.Average(load => 1 + (deviation * (load - mean) / spread)));
        }

        return sum / Runs;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static Transformer Model(int experts, int visits, int groups, int limit) => Hand.Model with
    {
        Traits = new()
        {
            Mixture = new() { RoutingGroups = groups > 1 ? groups : 0, RoutingGroupLimit = groups > 1 ? limit : 0 },
        },
        Experts = new(Hand.Of(experts), Hand.Of(visits), Hand.Of(500)),
    };

    // In a domain 10 µs and 100 GB/s.
    private static LayerInputs<Scalar> Layer(
        int experts, int visits, int ranks, int domain, int groups, int limit, MoeDispatcher dispatcher)
    {
        CollectiveInputs<Scalar> local = new(new(new(10e-6)), new(0), new(new(100e9)));
        FabricTier tier = ranks == 1 ? FabricTier.None
            : ranks <= domain ? FabricTier.ScaleUp
            : domain == 1 ? FabricTier.ScaleOut : FabricTier.Both;
        return Hand.Layer(Model(experts, visits, groups, limit), 1000, 1) with
        {
            Expert = new(ranks),
            ExpertGroup = new(tier, new(ranks), new(Math.Min(domain, ranks)), domain > 1 ? Hand.Links(local) : null),
            Options = new() { Attention = AttentionKernel.Flash2, Dispatcher = dispatcher },
        };
    }
}
