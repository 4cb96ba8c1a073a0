using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Hardware;

/// <summary>Figures of the devices of the catalog: against vendors' tables, and whether they can be.</summary>
public sealed class CatalogDevicesTests
{
    private const double Gibibyte = 1024.0 * 1024 * 1024;

    public static TheoryData<string> Accelerators { get; } = [.. LegalCases.Embedded.Ids("accelerators")];

    public static TheoryData<string> Systems { get; } = [.. LegalCases.Embedded.Ids("systems")];

    [Theory]
    [InlineData("p100-16gb-sxm2", NumberFormat.Fp16, 21.2, 16, 732, 300)]
    [InlineData("a100-80gb-pcie", NumberFormat.Bf16, 312, 80, 1935, 300)]
    [InlineData("h100-pcie", NumberFormat.Fp8, 1513, 80, 2000, 350)]
    [InlineData("h20-sxm", NumberFormat.Bf16, 148, 96, 4000, 400)]
    [InlineData("h800-sxm", NumberFormat.Bf16, 989, 80, 3350, 700)]
    [InlineData("gb200", NumberFormat.NvFp4, 10_000, 186, 8000, 1200)]
    [InlineData("gb300", NumberFormat.NvFp4, 15_000, 279, 8000, 1400)]
    [InlineData("mi250x", NumberFormat.Bf16, 191.5, 64, 1638, 280)]
    [InlineData("mi300x", NumberFormat.Fp8, 2614.9, 192, 5300, 750)]
    [InlineData("mi355x", NumberFormat.MxFp8, 5000, 288, 8000, 1400)]
    [InlineData("tpu-v4", NumberFormat.Bf16, 275, 32, 1200, 192)]
    [InlineData("tpu-v5p", NumberFormat.Bf16, 459, 95, 2765, 350)]
    [InlineData("tpu-v7", NumberFormat.Fp8, 4614, 192, 7380, 980)]
    [InlineData("gaudi3", NumberFormat.Bf16, 1677, 128, 3700, 900)]
    [InlineData("trainium2", NumberFormat.Fp8, 1299, 96, 2900, 500)]
    [InlineData("ascend-910b2", NumberFormat.Fp16, 376, 64, 1600, 400)]
    public void A_device_has_the_figures_of_its_vendor(
        string id, NumberFormat format, double teraflops, double gibibytes, double gigabytesPerSecond, double watts)
    {
        Accelerator device = AcceleratorReader.Read(LegalCases.Embedded, id);
        Assert.Equal(teraflops, device.Peaks[format].Value / 1e12, 9);
        Assert.Equal(gibibytes, device.MemoryCapacity.Value / Gibibyte, 9);
        Assert.Equal(gigabytesPerSecond, device.MemoryBandwidth.Value / 1e9, 9);
        Assert.Equal(watts, device.ThermalDesignPower.Value, 9);
    }

    [Theory]
    [InlineData("hgx-h800", 8, 8, 200, 50)]
    [InlineData("gb200-nvl72", 4, 72, 900, 50)]
    [InlineData("gb300-nvl72", 4, 72, 900, 100)]
    [InlineData("aws-p4d", 8, 8, 300, 6.25)]
    [InlineData("aws-p5", 8, 8, 450, 50)]
    [InlineData("hgx-a100-80gb-800g", 8, 8, 300, 12.5)]
    [InlineData("frontier-mi250x", 8, 8, 50, 12.5)]
    [InlineData("mi300x-8", 8, 8, 64, 50)]
    [InlineData("tpu-v5p-pod", 4, 8960, 90, 6.25)]
    [InlineData("tpu-v3-pod", 4, 1024, 82, 3.125)]
    [InlineData("trn2", 16, 16, 160, 25)]
    [InlineData("gaudi2-8", 8, 8, 37.5, 37.5)]
    public void A_system_has_the_links_of_its_vendor(string id, int node, int domain, double pair, double nic)
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, id);
        Assert.Equal(node, system.DevicesPerNode.Value);
        Assert.Equal(domain, system.ScaleUpDomain.Value);
        Assert.Equal(pair, system.PairBandwidth!.Value.Value / 1e9, 9);
        Assert.Equal(nic, system.NicBandwidth.Value / 1e9, 3);
    }

    [Theory]
    [MemberData(nameof(Accelerators))]
    public void Figures_of_a_device_can_be(string id)
    {
        Accelerator device = AcceleratorReader.Read(LegalCases.Embedded, id);
        double wide = device.Peaks[device.SixteenBit].Value;
        Assert.InRange(device.ActiveFloorPower.Value, 30, device.ThermalDesignPower.Value / 2);
        Assert.InRange(device.MemoryInstalled.Value, device.MemoryCapacity.Value, device.MemoryCapacity.Value * 1.1);
        Assert.InRange(device.DieArea.Value, 100e-6, 860e-6);
        if (device.InterposerArea is { } interposer)
        {
            Assert.InRange(interposer.Value, device.DieArea.Value * (device.OtherDies is null ? device.Dies.Value : 1), 3300e-6);
        }

        // FLOP per byte of memory bandwidth, and picojoules per FLOP at the rating.
        Assert.InRange(wide / device.MemoryBandwidth.Value, 25, 600);
        Assert.InRange(device.ThermalDesignPower.Value / wide * 1e12, 0.3, 15);
        foreach ((NumberFormat format, Figure peak) in device.Peaks)
        {
            (double least, double most) = format switch
            {
                NumberFormat.Fp32 => (0.02, 0.51),
                NumberFormat.Bf16 or NumberFormat.Fp16 => (1, 1),
                NumberFormat.NvFp4 => (4, 9),
                _ => (1, 4.5),
            };
            Assert.InRange(peak.Value / wide, least, most);
        }
    }

    [Theory]
    [MemberData(nameof(Accelerators))]
    public void A_device_has_a_fused_attention_kernel_and_shares_as_parameters(string id)
    {
        ModelParameters parameters = ParametersReader.Read(LegalCases.Embedded, "priors");
        Accelerator device = AcceleratorReader.Read(LegalCases.Embedded, id);
        Assert.NotEmpty(DeviceParameters.AttentionKernels(parameters, device));
        Assert.InRange(DeviceParameters.Of(parameters, "memory.efficiency", device).Value, 0.5, 1);
        Assert.All(device.Peaks.Keys, format =>
        {
            string name = format.ParameterName();
            Assert.InRange(DeviceParameters.Of(parameters, "gemm", device, name + ".efficiency").Value, 0.2, 1);
            Assert.InRange(DeviceParameters.Of(parameters, "gemm", device, name + ".launch").Value, 1e-6, 20e-6);
        });
        Assert.All(
            new[] { "gemm.floor", "gemm.ceiling", "attention", "memoryBound", "communication" },
            name => Assert.InRange(DeviceParameters.Of(parameters, "power", device, name).Value, 0.05, 1));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Figures_of_a_system_can_be(string id)
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, id);
        double perDevice = system.ScaleUp.Bandwidth!.Value.Value;
        Assert.InRange(perDevice, 30e9, 1800e9);
        Assert.InRange(system.PairBandwidth!.Value.Value, 20e9, perDevice);
        Assert.InRange(system.NicBandwidth.Value, 1e9, Math.Max(50e9, perDevice));
        Assert.InRange(system.HostPower.Value / system.DevicesPerNode.Value, 50, 600);
        Assert.NotNull(system.ScaleOut.Switches);
        double ports = system.NicsPerDevice.Value * system.ScaleOut.PortBandwidth!.Value.Value;
        Assert.Equal(system.NicBandwidth.Value, ports, system.NicBandwidth.Value * 1e-3);
        Assert.NotNull(LegalCases.Embedded.Find("embodied", system.HostEmbodied));
    }

    [Fact]
    public void A_device_takes_its_own_parameter_before_that_of_its_generation()
    {
        ModelParameters parameters = ParametersReader.Read(LegalCases.Embedded, "priors");
        Accelerator whole = AcceleratorReader.Read(LegalCases.Embedded, "h100-sxm");
        Accelerator cut = AcceleratorReader.Read(LegalCases.Embedded, "h20-sxm");
        Assert.Equal("gemm.hopper.16bit.efficiency", Name(whole, "16bit.efficiency"));
        Assert.Equal("gemm.h20-sxm.16bit.efficiency", Name(cut, "16bit.efficiency"));
        Assert.Equal("gemm.hopper.16bit.launch", Name(cut, "16bit.launch"));

        // A part with few units behind the whole memory is never slowed by its power.
        Assert.True(DeviceParameters.Of(parameters, "gemm", cut, "16bit.efficiency").Value
            > DeviceParameters.Of(parameters, "gemm", whole, "16bit.efficiency").Value);

        string Name(Accelerator device, string name) => DeviceParameters.Of(parameters, "gemm", device, name).Name["priors.".Length..];
    }

    [Fact]
    public void The_topology_tells_what_a_pair_has()
    {
        NodeSystem pod = SystemReader.Read(LegalCases.Embedded, "tpu-v4-pod");
        Assert.Equal([16, 16, 16], pod.Topology.Dimensions);
        Assert.Equal(TorusWrap.MultiplesOfFour, pod.Topology.Wrap);
        Assert.Equal(TopologyForm.Mesh, SystemReader.Read(LegalCases.Embedded, "mi300x-8").Topology.Form);
        Assert.Equal(TopologyForm.Switched, SystemReader.Read(LegalCases.Embedded, "dgx-h100").Topology.Form);
        Assert.Null((pod with { ScaleUp = SystemReader.Read(LegalCases.Embedded, "dgx-h100").ScaleUp }).PairBandwidth);
    }

    [Fact]
    public void Another_bandwidth_takes_as_many_interfaces_as_it_needs()
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, "dgx-a100-80gb");
        Figure half = system.NicBandwidth with { Value = 12.5e9 };
        NodeSystem slower = system.WithNicBandwidth(half);
        Assert.True(system.HasRails);
        Assert.False(slower.HasRails);
        Assert.Equal(0.5, slower.NicsPerDevice.Value, 12);
        Assert.Equal(12.5e9, slower.NicBandwidth.Value);

        // Without a rate of a port the number of interfaces follows the bandwidth.
        NodeSystem plain = system with { ScaleOut = system.ScaleOut with { PortBandwidth = null } };
        Assert.Equal(0.5, plain.WithNicBandwidth(half).NicsPerDevice.Value, 12);
    }
}
