using System.Text.Json.Nodes;
using CarbonScaling.CatalogCompiler;
using CarbonScaling.Catalogs;

namespace CarbonScaling.Tests.Catalogs;

/// <summary>Makes small catalogs for tests, written by the compiler's writer.</summary>
internal static class TestCatalog
{
    public static readonly CatalogItem PaperSource =
        Item("sources", "paper", """{ "title": "A paper", "where": "page 3", "licence": "CC-BY-4.0" }""");

    public static Catalog Of(params CatalogItem[] items)
    {
        using var stream = new MemoryStream(CatalogBlob.Write(items));
        return Catalog.Open(stream);
    }

    public static CatalogItem Item(string kind, string id, string json) => new(kind, id, JsonNode.Parse(json)!.AsObject());

    public static CatalogItem Accelerator(string id, string figures = "") =>
        Item("accelerators", id, $$"""{ "name": "Device {{id}}", "attributes": {}, "figures": { {{figures}} } }""");
}
