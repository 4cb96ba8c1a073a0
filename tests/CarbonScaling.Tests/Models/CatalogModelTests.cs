using System.Globalization;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;

namespace CarbonScaling.Tests.Models;

/// <summary>Computed parameters against the published ones.</summary>
public sealed class CatalogModelTests
{
    /// <summary>Models whose published count cannot be met within half a per cent; their entries' notes say why.</summary>
    private static readonly Dictionary<string, double> Tolerances = new(StringComparer.Ordinal)
    {
        // Rounded names.
        ["gpt3-13b"] = 0.015,
        ["gpt3-6.7b"] = 0.015,
        ["gpt3-5b"] = 0.015,
        ["gpt3-20b"] = 0.015,
        ["opt-6.7b"] = 0.015,
        ["grok-1"] = 0.01,

        // The checkpoint holds a vision encoder too.
        ["llama-4-scout"] = 0.01,

        // Projections of relative positions are not modelled.
        ["gopher-280b"] = 0.08,
        ["chinchilla-70b"] = 0.08,
    };

    /// <summary>Sizes of which only a rounded name is published.</summary>
    private static readonly string[] Uncounted = ["mpt-13b", "mpt-1b", "mpt-3b", "mpt-70b", "nemotron-3-22b", "nemotron-3-8b"];

    public static TheoryData<string> Ids { get; } = [.. LegalCases.Embedded.Ids("models")];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Parameters_agree_with_the_published_ones(string id)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        if (Uncounted.Contains(id))
        {
            Assert.Null(model.PublishedParameters);
            return;
        }

        double tolerance = Tolerances.GetValueOrDefault(id, 0.005);
        double ratio = model.ParameterCount / model.PublishedParameters!.Value.Value;
        Assert.InRange(ratio, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Every_system_of_the_catalog_can_be_planned_on() => Assert.All(LegalCases.Embedded.Ids("systems"), id =>
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, id);
        string devices = ((int)system.DevicesPerNode.Value).ToString(CultureInfo.InvariantCulture);
        string text = $$"""
            model: { layers: 8, hidden: 1024, feedForward: 4096, heads: 8, vocabulary: 32000 }
            training: { tokens: 1G, sequenceLength: 1024, globalBatchSequences: {{devices}}, precision: {{(system.Accelerator.SixteenBit == NumberFormat.Bf16 ? "bf16" : "fp16")}} }
            cluster: { system: {{id}}, devices: {{devices}} }
            site: { grid: fr }
            """;
        Assert.True(new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text)).Step.Seconds > 0);
    });

    [Fact]
    public void There_are_at_least_a_hundred_models() => Assert.True(LegalCases.Embedded.Ids("models").Count >= 100);
}
