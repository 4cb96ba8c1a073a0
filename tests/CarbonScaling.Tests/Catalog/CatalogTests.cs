using CarbonScaling.Catalogs;
using CarbonScaling.Units;
using static CarbonScaling.Tests.Catalogs.TestCatalog;

namespace CarbonScaling.Tests.Catalogs;

public class CatalogTests
{
    [Fact]
    public void An_entry_comes_back_as_it_was_written()
    {
        var catalog = Of(PaperSource, Item("accelerators", "h100", """
            {
              "name": "H100",
              "notes": "a remark",
              "attributes": { "vendor": "nvidia", "generation": "hopper" },
              "figures": {
                "peak.bf16": { "v": 989.4, "u": "TFLOP/s", "s": "paper", "st": "computed", "sp": 0.05, "n": "dense" },
                "dies": { "v": 1, "u": "1", "s": "paper", "st": "seen" }
              }
            }
            """));

        var entry = catalog.Find("accelerators", "h100");

        Assert.Equal(("accelerators", "h100", "H100", "a remark"), (entry.Kind, entry.Id, entry.Name, entry.Notes));
        Assert.Equal("hopper", entry.Attribute("generation"));
        Assert.Equal(["vendor", "generation"], entry.Attributes.Keys);
        Assert.Equal(["peak.bf16", "dies"], entry.Figures.Keys);
        Assert.Equal(new Figure("h100.peak.bf16", 989.4, "TFLOP/s", "paper", FigureStatus.Computed, 0.05), entry.Figure("peak.bf16"));
        Assert.Equal(new Figure("h100.dies", 1, "1", "paper", FigureStatus.Seen), entry.Figure("dies"));
        Assert.Equal("dense", entry.FigureNote("peak.bf16"));
        Assert.Null(entry.FigureNote("dies"));
        Assert.False(entry.TryFigure("peak.fp8", out _));
        Assert.False(entry.TryAttribute("colour", out _));
    }

    [Fact]
    public void A_source_comes_back_as_it_was_written()
    {
        Assert.Equal(new CatalogSource("paper", "A paper", "page 3", "CC-BY-4.0", null), Of(PaperSource).Source("paper"));
    }

    [Fact]
    public void Kinds_and_ids_are_in_order_and_sources_are_no_kind()
    {
        var catalog = Of(Accelerator("v100"), PaperSource, Item("grids", "fr", "{}"), Accelerator("a100"));

        Assert.Equal(["accelerators", "grids"], catalog.Kinds);
        Assert.Equal(["a100", "v100"], catalog.Ids("accelerators"));
        Assert.Equal(["paper"], catalog.Sources);
        Assert.Throws<CatalogException>(() => catalog.Ids("sources"));
    }

    [Theory]
    [InlineData("""{ "v": 80, "u": "GiB", "st": "seen" }""", "no source")]
    [InlineData("""{ "v": 80, "u": "GiB", "s": "", "st": "seen" }""", "no source")]
    [InlineData("""{ "v": 80, "u": "GiB", "s": "rumour", "st": "seen" }""", "the unknown source 'rumour'")]
    public void A_figure_without_a_source_is_refused(string figure, string why)
    {
        var catalog = Of(PaperSource, Accelerator("h100", $"\"memoryCapacity\": {figure}"));

        var exception = Assert.Throws<CatalogException>(() => catalog.Find("accelerators", "h100"));

        Assert.Equal($"accelerators/h100: the figure 'memoryCapacity' has {why}", exception.Message);
    }

    [Fact]
    public void A_wrong_name_is_answered_with_the_nearest()
    {
        var catalog = Of(PaperSource, Accelerator("h100-sxm", """ "memoryCapacity": { "v": 80, "u": "GiB", "s": "paper", "st": "seen" } """), Accelerator("a100-80gb-sxm"));

        Assert.Equal(
            "accelerators has no 'h100_smx'; did you mean 'h100-sxm'?",
            Assert.Throws<CatalogException>(() => catalog.Find("accelerators", "h100_smx")).Message);
        Assert.Equal(
            "the catalog has no kind 'accelerator'; did you mean 'accelerators'?",
            Assert.Throws<CatalogException>(() => catalog.Find("accelerator", "h100-sxm")).Message);
        Assert.Equal(
            "the catalog has no source 'papers'; did you mean 'paper'?",
            Assert.Throws<CatalogException>(() => catalog.Source("papers")).Message);
        Assert.Equal(
            "accelerators/h100-sxm has no figure 'memorycapacity'; did you mean 'memoryCapacity'?",
            Assert.Throws<CatalogException>(() => catalog.Find("accelerators", "h100-sxm").Figure("memorycapacity")).Message);
    }

    [Fact]
    public void Only_the_entry_that_is_asked_for_is_read()
    {
        var catalog = Of(PaperSource, Accelerator("broken", """ "dies": { "v": "two" } """), Accelerator("whole"));

        Assert.Equal("Device whole", catalog.Find("accelerators", "whole").Name);
        Assert.ThrowsAny<Exception>(() => catalog.Find("accelerators", "broken"));
    }

    [Fact]
    public void A_stream_that_is_no_catalog_is_refused()
    {
        var blob = CatalogCompiler.CatalogBlob.Write([PaperSource, Accelerator("h100")]);

        Assert.Throws<CatalogException>(() => Open("not a catalog"u8.ToArray()));
        Assert.Throws<CatalogException>(() => Open([]));
        Assert.Throws<CatalogException>(() => Open(blob[..20]));
        Assert.Throws<CatalogException>(() => Open(blob[..^5]));
    }

    private static Catalog Open(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Catalog.Open(stream);
    }
}
