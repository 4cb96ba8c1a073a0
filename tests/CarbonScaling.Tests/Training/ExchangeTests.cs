using CarbonScaling.Hardware;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Training;

/// <summary>Collectives, transfers and what of them remains exposed, by hand.</summary>
public sealed class ExchangeTests
{
    // In a domain 10 µs and 100 GB/s; between domains 20 µs per doubling for an all-reduce and 10 GB/s per device.
    private static readonly CollectiveInputs<Scalar> Local = new(new(new(10e-6)), new(0), new(new(100e9)));
    private static readonly LocalLinks<Scalar> Links = Hand.Links(Local);

    private static readonly NetworkInputs<Scalar> Network = Hand.Network;

    // Four bytes of gradient on the wire; buckets of a quarter of forty megabytes, and two megabytes per rank at least.
    private static readonly MachineInputs<Scalar> Machine = Hand.Machine with
    {
        Stack = Hand.Machine.Stack with { BucketBytesPerRank = new(new(2e6)) },
    };

    // Four nodes, one rank in each.
    private static readonly GroupInputs<Scalar> FourNodes = new(FabricTier.ScaleOut, new(4), new(1), null);

    private static readonly Software Overlapping = new(SoftwareStack.MegatronCore, AttentionKernel.Flash2);
    private static readonly Software Blocking = new(SoftwareStack.Megatron2022, AttentionKernel.Unfused);

    [Theory]
    [InlineData(FabricTier.None, 1, 1, 0)]
    [InlineData(FabricTier.ScaleUp, 4, 4, 10e-6 + (0.75 * 10e-6))]
    [InlineData(FabricTier.ScaleOut, 8, 1, (3 * 10e-6) + (0.875 * 100e-6))]
    [InlineData(FabricTier.Both, 32, 8, 10e-6 + (2 * 10e-6) + (31.0 / 32 * 12.5e-6))]
    [InlineData(FabricTier.Both, 32, 16, 10e-6 + 10e-6 + (31.0 / 32 * 10e-6))]
    public void Gathering_and_scattering_a_megabyte_sweep_once(FabricTier tier, int ranks, int local, double seconds)
    {
        // 16 local ranks could send 160 GB/s, but the links inside the domain give 100.
        GroupInputs<Scalar> group = new(tier, new(ranks), new(local), Links);
        Assert.Equal(seconds, Collectives.AllGather(new Bytes<Scalar>(new(1e6)), group, Network).Value.Value, 12);
        Assert.Equal(seconds, Collectives.ReduceScatter(new Bytes<Scalar>(new(1e6)), group, Network).Value.Value, 12);
    }

    [Fact]
    public void The_root_term_grows_with_the_root_of_the_message()
    {
        CollectiveInputs<Scalar> rooted = new(default, new(1e-9), new(new(double.PositiveInfinity)));
        GroupInputs<Scalar> group = new(FabricTier.ScaleUp, new(2), new(2), Hand.Links(rooted));
        Assert.Equal(1e-6, Collectives.AllReduce(new Bytes<Scalar>(new(1e6)), group, Network).Value.Value, 15);
        Assert.Equal(2e-6, Collectives.AllReduce(new Bytes<Scalar>(new(4e6)), group, Network).Value.Value, 15);
    }

    [Theory]
    [InlineData(FabricTier.None, 0)]
    [InlineData(FabricTier.ScaleUp, 9e-6 + 20e-6)]
    [InlineData(FabricTier.ScaleOut, 15e-6 + 125e-6)]
    public void A_transfer_crosses_one_level(FabricTier tier, double seconds) =>
        Assert.Equal(seconds, Collectives.Transfer(new Bytes<Scalar>(new(1e6)), tier, Network).Value.Value, 12);

    [Theory]
    [InlineData(5, 20, 0.5)]
    [InlineData(20, 5, 15.5)]
    [InlineData(0, 20, 0)]
    [InlineData(7, 0, 7)]
    public void Overlap_hides_the_shorter_but_for_the_slow_down(double communication, double computation, double exposed) => Assert.Equal(
        exposed,
        Collectives.Exposed(new Seconds<Scalar>(new(communication)), new Seconds<Scalar>(new(computation)), new Scalar(0.1)).Value.Value,
        12);

    [Theory]
    [InlineData(Sharding.None, (2 * 0.75 * 4e-3) + 40e-6)]
    [InlineData(Sharding.Zero1, (0.75 * 4e-3) + (0.75 * 2e-3) + (2 * 20e-6))]
    [InlineData(Sharding.Zero2, (0.75 * 2e-3) + 20e-6)]
    [InlineData(Sharding.Zero3, 0)]
    public void The_exchange_at_the_end_of_a_step_without_overlap(Sharding sharding, double seconds)
    {
        // Ten million parameters at 10 GB/s over four nodes: 4 B of gradient are 4 ms, 2 B of weight 2 ms.
        Assert.Equal(seconds, EndOfStep(1e7, sharding, Blocking, 2), 12);
    }

    [Fact]
    public void Overlap_leaves_the_last_bucket_and_what_the_pass_does_not_cover()
    {
        // Of 6.04 ms the last quarter is exposed, 1.51 ms; of the other 4.53 ms a backward pass of 3 ms covers all but 1.53 ms and
        // 0.3 ms of slow-down.
        Assert.Equal(1.51e-3 + 1.53e-3 + 0.3e-3, EndOfStep(1e7, Sharding.None, Overlapping, 3e-3), 9);

        // Less than a bucket cannot overlap at all.
        Assert.Equal((2 * 0.75 * 0.4e-3) + 40e-6, EndOfStep(1e6, Sharding.None, Overlapping, 3e-3), 12);
    }

    [Fact]
    public void Routed_experts_are_exchanged_among_their_own_ranks()
    {
        // Ten million common parameters over four nodes, and forty million of experts over two: 160 MB of gradients at 10 GB/s,
        // and one doubling of 20 µs. Hybrid: two ranks split each copy, and the parts of two copies of both are summed.
        GroupInputs<Scalar> two = new(FabricTier.ScaleOut, new(2), new(1), null);
        ExchangeGroups<Scalar> plain = Hand.Exchange(FourNodes) with { Experts = two };
        double common = (2 * 0.75 * 4e-3) + 40e-6;
        Assert.Equal(common + 16e-3 + 20e-6, Exposed(Sharding.None, plain), 12);
        double gathered = (0.75 * 2e-3) + 20e-6 + (0.5 * 8e-3) + 10e-6;
        Assert.Equal(gathered, Exposed(Sharding.Zero2, plain), 12);
        ExchangeGroups<Scalar> hybrid = new(FourNodes, two, two, two, two);
        Assert.Equal(2e-3 + 20e-6 + 8e-3 + 20e-6, Exposed(Sharding.Hsdp, hybrid), 12);
        Assert.Equal(0, Exposed(Sharding.Zero3, plain));

        static double Exposed(Sharding sharding, in ExchangeGroups<Scalar> groups) => DataParallel.EndOfStep(
            new(new(1e7), new(4e7)), groups, Of(sharding), Blocking, default, Machine).Value.Value;
    }

    [Fact]
    public void Buckets_grow_with_the_ranks()
    {
        // Eight ranks: 16 of 40 MB are in the last bucket. The reduction takes 2·7/8·4 ms and three doublings of 20 µs.
        PipelineStages<Scalar> only = default(PipelineStages<Scalar>) with { FirstForward = new(1), FirstBackward = new(1) };
        GroupInputs<Scalar> eight = new(FabricTier.ScaleOut, new(8), new(1), null);
        double exposed = DataParallel.EndOfStep(
            new(new(1e7), new(0)), Hand.Exchange(eight), Of(Sharding.None), Overlapping, only, Machine).Value.Value;
        Assert.Equal((0.4 * 7.06e-3) + (0.1 * 0.6 * 7.06e-3), exposed, 12);
    }

    [Fact]
    public void Sharded_weights_are_gathered_layer_by_layer()
    {
        // A layer of a million parameters: 0.2 ms·0.75 + 20 µs = 170 µs for its weights, 320 µs for its gradients.
        Assert.Equal(1.7e-3, InForward(Sharding.Zero3, 0), 12);
        Assert.Equal(170e-6 + (0.1 * 9 * 170e-6), InForward(Sharding.Zero3, 1), 12);
        Assert.Equal(4.9e-3, InBackward(Sharding.Zero3), 12);
        Assert.Equal(3.2e-3, InBackward(Sharding.Zero2), 12);

        static double InForward(Sharding sharding, double pass) => DataParallel.InForward<Scalar>(
            new(new(1e7), new(0)), new(10), Hand.Exchange(FourNodes), new(new(pass)), Machine).Value.Value;

        static double InBackward(Sharding sharding) => DataParallel.InBackward<Scalar>(
            new(new(1e7), new(0)), new(10), Hand.Exchange(FourNodes), Of(sharding), default, default, new(1), Machine).Value.Value;
    }

    [Theory]
    [InlineData(Sharding.None, 0, 0)]
    [InlineData(Sharding.Zero1, 0, 0)]
    [InlineData(Sharding.Zero2, 0, 3.2e-3)]
    [InlineData(Sharding.Zero3, 1.7e-3, 4.9e-3)]
    public void Only_what_is_sharded_is_exchanged_in_every_pass(Sharding sharding, double forward, double backward)
    {
        // Ten layers of a million parameters each, and passes that take no time.
        RankParameters<Scalar> parameters = new(new(1e6), new(0), new(1e6), new(0), new(0), new(0), new(0), false);
        PlanInputs<Scalar> plan = Hand.Plan(10);
        PlanShape shape = Of(sharding);
        ExchangeGroups<Scalar> groups = Hand.Exchange(FourNodes);
        StageExchange<Scalar> exchange = new(parameters, plan, shape, groups, Machine);
        PassExposure<Scalar> exposed = exchange.On(StagePlace.First, new(10), new(0), new(0), new(0));
        Assert.Equal(forward, exposed.Forward.Value.Value, 12);
        Assert.Equal(backward, exposed.Backward.Value.Value, 12);
    }

    [Theory]
    [InlineData(Sharding.None, 46)]
    [InlineData(Sharding.Zero1, 12 + (34.0 / 16))]
    [InlineData(Sharding.Zero2, 46.0 / 16)]
    [InlineData(Sharding.Zero3, 46.0 / 16)]
    public void The_optimizer_moves_its_bytes_once(Sharding sharding, double bytes)
    {
        double seconds = Optimizer.Time(
            new(new(1e9), new(0)), Of(sharding), new StateRanks<Scalar>(new(16), new(1)), Machine).Value.Value;
        Assert.Equal(bytes * 1e-3, seconds, 12);
    }

    // The longest pass forward takes a second.
    private static double EndOfStep(double parameters, Sharding sharding, Software software, double backward)
    {
        PipelineStages<Scalar> only = default(PipelineStages<Scalar>) with { FirstForward = new(1), FirstBackward = new(backward) };
        return DataParallel.EndOfStep(
            new(new(parameters), new(0)), Hand.Exchange(FourNodes), Of(sharding), software, only, Machine).Value.Value;
    }

    private static PlanShape Of(Sharding sharding) => new() { Sharding = sharding };
}
