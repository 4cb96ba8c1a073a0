using CarbonScaling.Catalogs;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Catalogs;

public class CatalogCompilerTests
{
    private const string Fabric = """
        id: nvlink
        name: NVLink
        source: paper
        status: seen
        attributes: { scope: scale-up }
        figures:
          links: 18
          bandwidth: { value: 450, unit: GB/s, status: computed, note: 18 links of 25 GB/s }
          latency: { value: 2.5, unit: us, spread: 0.3 }
        """;

    [Fact]
    public void Figures_inherit_the_source_and_status_of_their_entry()
    {
        using var data = new TestDataFolder().Write("fabrics/nvlink.yaml", Fabric);
        using var blob = new MemoryStream(data.Compile());

        var entry = Catalog.Open(blob).Find(CatalogKinds.Fabrics, "nvlink");

        Assert.Equal(new Figure("nvlink.links", 18, "1", "paper", FigureStatus.Seen), entry.Figure("links"));
        Assert.Equal(new Figure("nvlink.bandwidth", 450, "GB/s", "paper", FigureStatus.Computed), entry.Figure("bandwidth"));
        Assert.Equal(new Figure("nvlink.latency", 2.5, "us", "paper", FigureStatus.Seen, 0.3), entry.Figure("latency"));
        Assert.Equal("18 links of 25 GB/s", entry.FigureNote("bandwidth"));
    }

    [Fact]
    public void The_same_files_give_the_same_bytes()
    {
        var pcie = Fabric.Replace("nvlink", "pcie", StringComparison.Ordinal);
        using var first = new TestDataFolder().Write("fabrics/nvlink.yaml", Fabric).Write("fabrics/pcie.yaml", pcie);
        using var second = new TestDataFolder().Write("fabrics/pcie.yaml", pcie).Write("fabrics/nvlink.yaml", Fabric);

        Assert.Equal(first.Compile(), second.Compile());
    }

    [Theory]
    [InlineData("bandwidth: { value: 450, unit: GB/s }", "bandwidth: { value: 450 }",
        "figures.bandwidth.unit: is missing")]
    [InlineData("bandwidth: { value: 450, unit: GB/s }", "bandwidth: { unit: GB/s }",
        "figures.bandwidth.value: is missing")]
    [InlineData("bandwidth: { value: 450, unit: GB/s }", "bandwidth: 450",
        "figures.bandwidth: must be a mapping (a figure needs its unit: { value, unit, source })")]
    [InlineData("unit: GB/s", "unit: W",
        "figures.bandwidth.unit: 'W' is not a known word; allowed: B/s, GB/s")]
    [InlineData("value: 450", "value: fast",
        "figures.bandwidth.value: must be a number")]
    [InlineData("value: 450", "value: .nan",
        "figures.bandwidth.value: '.nan' is not a finite number")]
    [InlineData("value: 450", "value: 1e999",
        "figures.bandwidth.value: '1e999' is not a finite number")]
    [InlineData("unit: GB/s }", "unit: GB/s, source: papers-of-paper }",
        "figures.bandwidth.source: 'papers-of-paper' is not a key of sources.yaml; allowed: paper")]
    [InlineData("unit: GB/s }", "unit: GB/s, spread: -1 }",
        "figures.bandwidth.spread: is too small; allowed: 0 or more")]
    [InlineData("unit: GB/s }", "unit: GB/s, colour: red }",
        "figures.bandwidth.colour: is not a known field; allowed: value, unit, source, status, spread, note")]
    [InlineData("source: paper\n", "",
        "figures.bandwidth: has no source, and the entry gives none")]
    [InlineData("status: seen\n", "",
        "figures.bandwidth: has no status, and the entry gives none")]
    [InlineData("status: seen", "status: true",
        "status: must be text (quote it); allowed: seen, computed, recalled, projected, assumed")]
    [InlineData("id: nvlink", "id: nvlinks",
        "id: 'nvlinks' differs from the file's name; allowed: nvlink")]
    [InlineData("scope: scale-up", "scope: sideways",
        "attributes.scope: 'sideways' is not a known word; allowed: scale-up, scale-out")]
    [InlineData("scope: scale-up", "scope: scale-up, scope: scale-out",
        "attributes.scope: is given twice (again on line 5)")]
    [InlineData("name: NVLink", "name:",
        "name: is empty")]
    [InlineData("name: NVLink\n", "",
        "name: is missing")]
    public void A_mistake_is_named_with_its_place(string right, string wrong, string problem)
    {
        const string text = """
            id: nvlink
            name: NVLink
            source: paper
            status: seen
            attributes: { scope: scale-up }
            figures:
              bandwidth: { value: 450, unit: GB/s }
            """;
        Assert.Contains(right, text, StringComparison.Ordinal);
        using var data = new TestDataFolder().Write("fabrics/nvlink.yaml", text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains($"data/fabrics/nvlink.yaml: {problem}", data.Problems());
    }

    [Fact]
    public void An_entry_of_another_kind_must_exist()
    {
        using var data = new TestDataFolder().Write("fabrics/nvlink.yaml", Fabric).Write("systems/dgx.yaml", """
            id: dgx
            name: DGX
            source: paper
            status: seen
            attributes: { accelerator: h100, scaleUp: nvlink, scaleOut: nvlinks }
            figures: { devicesPerNode: 8, scaleUpDomain: 8, nicBandwidth: { value: 50, unit: GB/s }, hostPower: { value: 2, unit: kW } }
            """);

        Assert.Equal(
            [
                "data/systems/dgx.yaml: attributes.accelerator: 'h100' is not in accelerators",
                "data/systems/dgx.yaml: attributes.scaleOut: 'nvlinks' is not in fabrics; allowed: nvlink",
            ],
            data.Problems());
    }

    [Fact]
    public void All_problems_of_all_files_are_reported_at_once()
    {
        using var data = new TestDataFolder("paper: { title: A paper, where: page 3 }")
            .Write("fabrics/nvlink.yaml", Fabric.Replace("scale-up", "up", StringComparison.Ordinal).Replace("GB/s, ", "lightyears, ", StringComparison.Ordinal))
            .Write("fabrics/empty.yaml", "")
            .Write("fabrics/torn.yaml", "id: torn\n  name: x: y\n")
            .Write("fabrics/pcie.yml", Fabric.Replace("nvlink", "pcie", StringComparison.Ordinal))
            .Write("gpus/h100.yaml", "id: h100");

        var places = data.Problems().Select(problem => string.Join(": ", problem.Split(": ")[..2])).Distinct(StringComparer.Ordinal);

        Assert.Equal(
            [
                "data/fabrics/empty.yaml: file",
                "data/fabrics/nvlink.yaml: attributes.scope",
                "data/fabrics/nvlink.yaml: figures.bandwidth.unit",
                "data/fabrics/pcie.yml: file",
                "data/fabrics/torn.yaml: line 2",
                "data/gpus/h100.yaml: folder",
                "data/sources.yaml: paper.licence",
            ],
            places);
    }

    [Fact]
    public void A_folder_without_sources_is_refused()
    {
        using var data = new TestDataFolder();
        File.Delete(Path.Combine(data.Root, "sources.yaml"));

        Assert.Equal(["data/sources.yaml: file: is missing"], data.Problems());
    }
}
