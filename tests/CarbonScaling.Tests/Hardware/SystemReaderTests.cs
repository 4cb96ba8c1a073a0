using CarbonScaling.CatalogCompiler;
using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Tests.Catalogs;

namespace CarbonScaling.Tests.Hardware;

/// <summary>Systems of small catalogs: what is read, and what is refused.</summary>
public sealed class SystemReaderTests
{
    private const string Link = """ "linkBandwidth": { "v": 50, "u": "GB/s" } """;

    [Fact]
    public void A_torus_is_read_with_its_links_and_without_switches()
    {
        NodeSystem system = SystemReader.Read(Of(""" "scaleUpTopology": "torus", "torus": "2x8" """, 16, Link), "pod");
        Assert.Equal([2, 8], system.Topology.Dimensions);
        Assert.Equal(TorusWrap.FullAxis, system.Topology.Wrap);
        Assert.Equal(50e9, system.PairBandwidth!.Value.Value);
        Assert.Null(system.ScaleOut.Switches);
        Assert.Null(system.Accelerator.InterposerArea);
        Assert.Equal("host-8-device", system.HostEmbodied);
    }

    [Theory]
    [InlineData(""" "scaleUpTopology": "torus", "torus": "4x8" """, Link, "a torus of 32 devices and a scale-up domain of 16")]
    [InlineData(""" "scaleUpTopology": "mesh" """, "", "fabrics/wire states no linkBandwidth, which systems/pod needs")]
    [InlineData(""" "hostCpu": "any" """, Link, "fabrics/wire states no bandwidth, which systems/pod needs")]
    public void What_does_not_fit_together_is_refused(string topology, string figures, string message) => Assert.Contains(
        message,
        Assert.Throws<CatalogException>(() => SystemReader.Read(Of(topology, 16, figures), "pod")).Message,
        StringComparison.Ordinal);

    private static Catalog Of(string topology, int domain, string wire) => TestCatalog.Of(
        TestCatalog.PaperSource,
        Item("accelerators", "chip", """ "generation": "g", "memoryType": "m", "processNode": "7nm" """, """
            "memoryCapacity": { "v": 16, "u": "GiB" }, "memoryBandwidth": { "v": 800, "u": "GB/s" },
            "peak.bf16": { "v": 100, "u": "TFLOP/s" }, "thermalDesignPower": { "v": 200, "u": "W" },
            "activeFloorPower": { "v": 50, "u": "W" }, "dies": { "v": 1, "u": "1" },
            "dieArea": { "v": 400, "u": "mm2" }
            """),
        Item("fabrics", "wire", """ "scope": "scale-up" """, wire),
        Item("fabrics", "net", """ "scope": "scale-out" """, ""),
        Item("systems", "pod", $$""" "accelerator": "chip", "scaleUp": "wire", "scaleOut": "net", {{topology}} """, $$"""
            "devicesPerNode": { "v": 4, "u": "1" }, "scaleUpDomain": { "v": {{domain}}, "u": "1" },
            "nicsPerDevice": { "v": 1, "u": "1" }, "nicBandwidth": { "v": 25, "u": "GB/s" },
            "hostLinkBandwidth": { "v": 31, "u": "GB/s" }, "hostPower": { "v": 400, "u": "W" }
            """));

    private static CatalogItem Item(string kind, string id, string attributes, string figures)
    {
        // The compiler writes source and status with every figure.
        string sourced = figures.Replace("\" }", "\", \"s\": \"paper\", \"st\": \"seen\" }", StringComparison.Ordinal);
        return TestCatalog.Item(kind, id, $$"""{ "name": "{{id}}", "attributes": { {{attributes}} }, "figures": { {{sourced}} } }""");
    }
}
