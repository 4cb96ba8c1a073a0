using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;

namespace CarbonScaling.Tests.Models;

/// <summary>Computed parameters against the published ones.</summary>
public sealed class CatalogModelTests
{
    // Their published counts are rounded nominal ones; the entries' notes say so.
    private static readonly string[] Nominal = ["gpt3-13b", "gpt3-6.7b", "opt-6.7b"];

    public static TheoryData<string> Ids { get; } = [.. LegalCases.Embedded.Ids("models")];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Parameters_agree_with_the_published_ones(string id)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        double ratio = model.ParameterCount / model.PublishedParameters!.Value.Value;
        Assert.InRange(ratio, 1 - Tolerance(id), 1 + Tolerance(id));
    }

    [Fact]
    public void Every_system_of_the_catalog_can_be_planned_on() => Assert.All(LegalCases.Embedded.Ids("systems"), id =>
    {
        string node = id == "dgx-2" ? "16" : "8";
        string text = $$"""
            model: { layers: 8, hidden: 1024, feedForward: 4096, heads: 8, vocabulary: 32000 }
            training: { tokens: 1G, sequenceLength: 1024, globalBatchSequences: 16, precision: fp16 }
            cluster: { system: {{id}}, devices: {{node}} }
            site: { grid: fr }
            """;
        Assert.True(new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text)).Step.Seconds > 0);
    });

    [Fact]
    public void There_are_at_least_twenty_models() => Assert.True(LegalCases.Embedded.Ids("models").Count >= 20);

    private static double Tolerance(string id) => Nominal.Contains(id) ? 0.015 : 0.005;
}
