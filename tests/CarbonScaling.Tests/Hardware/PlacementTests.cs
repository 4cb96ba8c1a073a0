using CarbonScaling.Hardware;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Hardware;

/// <summary>Where groups of ranks lie, against a plain count of the domains that their devices are in.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void The_tier_is_that_of_the_devices_of_the_group()
    {
        foreach (int domain in new[] { 1, 4, 8, 16, 72 })
        {
            for (int stride = 1; stride <= 32; stride++)
            {
                if (domain % stride != 0 && stride % domain != 0)
                {
                    continue;
                }

                for (int ranks = 1; ranks <= 64; ranks++)
                {
                    // The first group: devices 0, stride, 2·stride and so on.
                    int[] domains = [.. Enumerable.Range(0, ranks).Select(rank => rank * stride / domain)];
                    int spread = domains.Distinct().Count();
                    int most = domains.GroupBy(id => id).Max(group => group.Count());
                    FabricTier expected = (ranks, spread, most) switch
                    {
                        (1, _, _) => FabricTier.None,
                        (_, 1, _) => FabricTier.ScaleUp,
                        (_, _, 1) => FabricTier.ScaleOut,
                        _ => FabricTier.Both,
                    };
                    GroupPlacement place = GroupPlacement.Of(ranks, stride, domain);
                    Assert.Equal((expected, most, spread, ranks), (place.Tier, place.LocalRanks, place.Domains, place.Ranks));
                }
            }
        }
    }

    [Theory]
    [InlineData(8, 1, 4, FabricTier.ScaleUp, FabricTier.ScaleOut, FabricTier.None)]
    [InlineData(2, 2, 2, FabricTier.ScaleUp, FabricTier.ScaleUp, FabricTier.ScaleUp)]
    [InlineData(2, 4, 8, FabricTier.ScaleUp, FabricTier.Both, FabricTier.ScaleOut)]
    [InlineData(1, 16, 1, FabricTier.None, FabricTier.None, FabricTier.ScaleOut)]
    [InlineData(16, 2, 2, FabricTier.Both, FabricTier.ScaleOut, FabricTier.ScaleOut)]
    public void A_plan_places_tensor_first_then_data_then_pipeline(
        int tensor, int pipeline, int data, FabricTier tensorTier, FabricTier dataTier, FabricTier transferTier)
    {
        TrainingPlan plan = new(
            tensor, pipeline, 1, data, 1, 1, false, Sharding.None, RecomputePlan.None, PipelineScheduleKind.OneForwardOneBackward);
        PlanShape shape = PlanShape.Of(plan, 8, hasExperts: false);
        Assert.Equal((tensorTier, dataTier, transferTier), (shape.Tensor.Tier, shape.Data.Tier, shape.Transfer));
        Assert.Equal(pipeline > 1, shape.Pipelined);
    }

    [Fact]
    public void Systems_are_read_in_base_units()
    {
        NodeSystem nodes = SystemReader.Read(LegalCases.Embedded, "dgx-h100");
        Assert.Equal(80.0 * 1024 * 1024 * 1024, nodes.Accelerator.MemoryCapacity.Value);
        Assert.Equal(3.35e12, nodes.Accelerator.MemoryBandwidth.Value);
        Assert.Equal(989e12, nodes.Accelerator.Peaks[NumberFormat.Bf16].Value);
        Assert.Equal(50e9, nodes.NicBandwidth.Value);
        Assert.Equal(450e9, nodes.ScaleUp.Bandwidth!.Value.Value);
        Assert.Equal(814e-6, nodes.Accelerator.DieArea.Value, 12);
        Assert.Equal(NumberFormat.Bf16, nodes.Accelerator.SixteenBit);
        Assert.Equal(NumberFormat.Fp16, SystemReader.Read(LegalCases.Embedded, "dgx-2").Accelerator.SixteenBit);
    }

    [Fact]
    public void Every_system_has_a_peak_at_each_of_its_formats_and_units_of_what_it_measures() => Assert.All(
        LegalCases.Embedded.Ids("systems"),
        id =>
        {
            NodeSystem nodes = SystemReader.Read(LegalCases.Embedded, id);
            Accelerator device = nodes.Accelerator;
            Assert.InRange(device.ActiveFloorPower.Value, 30, device.ThermalDesignPower.Value / 2);
            Assert.True(device.MemoryInstalled.Value >= device.MemoryCapacity.Value);
            if (device.Peaks.TryGetValue(NumberFormat.Fp32, out Figure single))
            {
                Assert.True(single.Value < device.Peaks[device.SixteenBit].Value);
            }

            Assert.InRange(device.DieArea.Value, 100e-6, 900e-6);
            Assert.NotNull(nodes.ScaleOut.Switches);
            Assert.Equal("B/s", nodes.NicBandwidth.Unit);
        });
}
