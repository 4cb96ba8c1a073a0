using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Training;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Physics;

/// <summary>What must hold whatever the parameters are: bounds, limits and conservation.</summary>
public sealed class LimitingCaseTests
{
    private static readonly NetworkInputs<Scalar> NoLatency = new(
        new(new(50e9)), default, new(0), default, new(new(40e9)), default, new(new(300e9)));

    public static TheoryData<string, string, string> Jobs { get; } = new()
    {
        { "llama-2-7b", "dgx-h100", "{ sharding: zero3, microBatch: 2 }" },
        { "llama-2-70b", "dgx-h100", "{ tensor: 8, pipeline: 4, virtualStages: 2, sharding: zero1 }" },
        { "gpt3-175b", "dgx-a100-80gb", "{ tensor: 8, pipeline: 8, recompute: full }" },
        { "gpt-neox-20b", "dgx-b200", "{ tensor: 4, schedule: gpipe, pipeline: 2, recompute: selective }" },
    };

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Time_power_and_rates_stay_within_what_the_devices_can_do(string model, string system, string plan)
    {
        string text = $$"""
            model: {{model}}
            training: { tokens: 100G, sequenceLength: 2048, globalBatchSequences: 512 }
            cluster: { system: {{system}}, devices: 128 }
            plan: {{plan}}
            site: { grid: fr }
            """;
        Estimate estimate = Worlds.Estimate(text);
        Accelerator device = Worlds.Job(text).Training.Cluster.System.Accelerator;
        double tokens = 512 * 2048;
        double least = 6 * (estimate.Model.Parameters * 0.95) * tokens / 128 / (estimate.Cluster.PeakTflopsPerDevice * 1e12);

        Assert.True(estimate.Step.Seconds > least);
        Assert.InRange(estimate.Step.Mfu, 0.02, 0.8);
        Assert.InRange(estimate.Step.Hfu, estimate.Step.Mfu * (1 - 1e-12), 0.9);
        Assert.InRange(estimate.Energy.AverageDeviceWatts, device.ActiveFloorPower.Value, device.ThermalDesignPower.Value);
        Assert.InRange(estimate.Run.Goodput, 0.5, 1);
        Assert.Equal(1, estimate.Run.Days * 24 * 128 / estimate.Run.DeviceHours, 1e-12);
        Assert.Equal(
            1, estimate.Energy.AverageFacilityMegawatts * 1000 * estimate.Run.Days * 24 / estimate.Energy.FacilityKwh, 1e-12);
    }

    [Fact]
    public void Operational_emissions_are_energy_times_intensity_and_embodied_ones_time_over_life()
    {
        const string Text = """
            model: llama-2-7b
            training: { tokens: 10G, globalBatchSequences: 64 }
            cluster: { system: dgx-a100-80gb, devices: 16 }
            site: { carbonIntensity: 0.4 kg/kWh, pue: 1.5, lifetimeYears: 5 }
            """;
        Estimate estimate = Worlds.Estimate(Text);
        Estimate shortLived = Worlds.Estimate(Text, "site.lifetimeYears=2.5");
        Estimate clean = Worlds.Estimate(Text, "site.carbonIntensity=0 g/kWh");

        Assert.Equal(1, estimate.Carbon.OperationalKg / (0.4 * estimate.Energy.FacilityKwh), 1e-12);
        Assert.Equal(1, estimate.Energy.FacilityKwh / (1.5 * estimate.Energy.ItKwh), 1e-12);
        Assert.Equal(2, shortLived.Carbon.EmbodiedKg / estimate.Carbon.EmbodiedKg, 1e-12);
        Assert.Equal(estimate.Carbon.OperationalKg, shortLived.Carbon.OperationalKg);
        Assert.Equal(0, clean.Carbon.OperationalKg);
        Assert.Equal(clean.Carbon.TotalKg, estimate.Carbon.EmbodiedKg, 1e-9);
    }

    [Theory]
    [InlineData("dgx-a100-80gb", 30)]
    [InlineData("dgx-h100", 35)]
    public void A_compute_die_by_hand(string system, double published)
    {
        NodeSystem nodes = SystemReader.Read(Worlds.Embedded, system);
        EmbodiedInputs<Scalar> all = EmbodiedReader.Read(Worlds.Embedded, nodes).Lift<Scalar>(nodes);
        Emissions<Scalar> none = new(new(0));
        double ours = Embodied.Accelerator(all with { Memory = none, Interposer = none, Board = none }).Value.Value;

        // In cm: 300 mm wafer, 3 mm edge, 0.06 mm saw line, 0.1 defects per cm2 with clustering 10, half the bad dies sold.
        (double area, double energy, double gas) = system == "dgx-h100" ? (8.14, 2.75, 0.3275) : (8.26, 2.15, 0.275);
        double side = Math.Sqrt(area) + 0.006;
        double whole = (Math.PI * 14.7 * 14.7 / (side * side)) - (0.51 * Math.PI * 29.4 / side);
        double yield = Math.Pow(1 + (area * 0.1 / 10), -10);
        double sold = whole * (yield + ((1 - yield) * 0.502));
        double wafer = Math.PI * 15 * 15 * ((energy * 0.583) + gas + 0.5);
        Assert.Equal(1, ours / (wafer / sold), 1e-9);
        Assert.InRange(ours / published, 0.9, 1.1);
    }

    [Theory]
    [InlineData(FabricTier.ScaleUp, 8, 8)]
    [InlineData(FabricTier.ScaleOut, 16, 1)]
    [InlineData(FabricTier.Both, 32, 8)]
    public void An_all_reduce_is_a_reduce_scatter_and_an_all_gather(FabricTier tier, int ranks, int local)
    {
        CollectiveInputs<Scalar> links = new(default, new(0), new(new(300e9)));
        GroupInputs<Scalar> group = new(tier, new(ranks), new(local), Hand.Links(links));
        Bytes<Scalar> size = new(new(1e9));
        double sum = Collectives.ReduceScatter(size, group, NoLatency).Value.Value + Collectives.AllGather(size, group, NoLatency).Value.Value;

        // Every rank sends and receives (n-1)/n of the buffer in each sweep, over the slower of its two levels.
        double rate = tier switch { FabricTier.ScaleUp => 300e9, FabricTier.ScaleOut => 50e9, _ => Math.Min(300e9, 50e9 * local) };
        Assert.Equal(1, Collectives.AllReduce(size, group, NoLatency).Value.Value / sum, 1e-12);
        Assert.Equal(1, sum / (2 * (ranks - 1.0) / ranks * 1e9 / rate), 1e-12);
    }

    [Fact]
    public void Work_and_wait_take_at_least_the_longer_and_at_most_both()
    {
        foreach (double communication in new[] { 0, 0.5, 1, 2, 5 })
        {
            double exposed = Collectives.Exposed<Scalar>(new(new(communication)), new(new(1)), new(0.1)).Value.Value;
            Assert.InRange(1 + exposed, Math.Max(1, communication), 1 + communication);
        }
    }

    [Fact]
    public void The_network_draws_more_with_every_tier()
    {
        NetworkPowerInputs<Scalar> network = new(new(1), new(new(20)), new(new(10)), new(new(5)), new(64));
        double[] watts = [.. new[] { 64.0, 65, 2048, 2049 }.Select(devices => DevicePower.Network(network, new Scalar(devices)).Value.Value)];

        // 20 + 10(2k-1) + 5*2k for k tiers.
        Assert.Equal([40, 70, 70, 100], watts);
    }
}
