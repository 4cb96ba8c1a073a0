using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;

namespace CarbonScaling.Tests.Hardware;

/// <summary>A small dense model on every system of the catalog in every format that it has.</summary>
public sealed class EverySystemTests
{
    public static TheoryData<string, NumberFormat> Pairs { get; } = new(
        LegalCases.Embedded.Ids("systems").SelectMany(static id =>
            SystemReader.Read(LegalCases.Embedded, id).Accelerator.Peaks.Keys.Select(format => (id, format))));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void It_is_estimated_within_what_the_devices_can_do(string system, NumberFormat format)
    {
        NodeSystem nodes = SystemReader.Read(LegalCases.Embedded, system);
        Estimate estimate = Run(system, format, "tensor: 2, sharding: zero1");
        Assert.True(double.IsFinite(estimate.Step.Seconds));

        // Most of the device in 16 bits; in fewer the head, attention and everything in memory stay as slow.
        Assert.InRange(estimate.Step.Mfu, 0.005, 0.9);
        Assert.InRange(
            estimate.Energy.AverageDeviceWatts, nodes.Accelerator.ActiveFloorPower.Value, nodes.Accelerator.ThermalDesignPower.Value);
        Assert.InRange(estimate.Energy.HostKwh, estimate.Energy.AcceleratorKwh * 0.02, estimate.Energy.AcceleratorKwh * 4);
        Assert.InRange(estimate.Energy.NetworkKwh, 0, estimate.Energy.AcceleratorKwh);
        Assert.InRange(estimate.Carbon.EmbodiedKg, 1e-3, double.MaxValue);
        Assert.InRange(estimate.Carbon.OperationalKg, 1e-3, double.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Fewer_bits_never_take_longer_than_single_precision(string system, NumberFormat format)
    {
        Accelerator device = SystemReader.Read(LegalCases.Embedded, system).Accelerator;

        // Without matrix units, sums in single precision run at its rate whatever the operands are.
        if (format == NumberFormat.Fp32 || device.Generation == "pascal" || !device.Peaks.ContainsKey(NumberFormat.Fp32))
        {
            return;
        }

        Assert.True(Run(system, format, "sharding: zero1").Step.Seconds < Run(system, NumberFormat.Fp32, "sharding: zero1").Step.Seconds);
    }

    [Fact]
    public void An_announced_device_warns()
    {
        Estimate announced = Run("vr-nvl72", NumberFormat.Bf16, "sharding: zero1");
        Estimate shipping = Run("gb300-nvl72", NumberFormat.Bf16, "sharding: zero1");
        Assert.Contains(announced.Warnings, static warning => warning.Contains("is projected", StringComparison.Ordinal));
        Assert.DoesNotContain(shipping.Warnings, static warning => warning.Contains("is projected", StringComparison.Ordinal));
    }

    private static Estimate Run(string system, NumberFormat format, string plan)
    {
        int node = (int)SystemReader.Read(LegalCases.Embedded, system).DevicesPerNode.Value;
        string text = $$"""
            model: gpt2-medium
            training: { tokens: 10G, sequenceLength: 2048, globalBatchSequences: 512, precision: {{Names.Of(format)}} }
            cluster: { system: {{system}}, devices: {{2 * Math.Max(node, 4)}} }
            plan: { {{plan}} }
            site: { grid: fr }
            """;
        return new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text));
    }
}
