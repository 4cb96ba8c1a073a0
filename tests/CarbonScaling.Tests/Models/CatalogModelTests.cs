using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Models;

/// <summary>Computed parameters against the published ones.</summary>
public sealed class CatalogModelTests
{
    /// <summary>Models whose published count cannot be met within half a per cent, and why.</summary>
    private static readonly Dictionary<string, (double Tolerance, string Reason)> Tolerances = new(StringComparer.Ordinal)
    {
        ["gpt3-13b"] = (0.015, "the paper rounds, and gives a width that is no multiple of the heads"),
        ["gpt3-6.7b"] = (0.015, "the paper rounds up"),
        ["gpt3-5b"] = (0.015, "part of the name, rounded"),
        ["gpt3-20b"] = (0.015, "part of the name, rounded"),
        ["opt-6.7b"] = (0.015, "part of the name, rounded up"),
        ["grok-1"] = (0.01, "rounded down: the layers alone have more"),
        ["llama-4-scout"] = (0.01, "the checkpoint holds a vision encoder too"),
    };

    /// <summary>Sizes of which only a rounded name is published.</summary>
    private static readonly string[] Uncounted = ["mpt-13b", "mpt-1b", "mpt-3b", "mpt-70b", "nemotron-3-22b", "nemotron-3-8b"];

    /// <summary>Published counts that nobody looked up again, and why.</summary>
    private static readonly Dictionary<string, string> Recalled = new(StringComparer.Ordinal)
    {
        ["opt-13b"] = "count of the checkpoint, found in no public text",
        ["opt-2.7b"] = "count of the checkpoint, found only without its name",
        ["palm-540b"] = "printed in a table that was not read",
    };

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

        (double tolerance, _) = Tolerances.GetValueOrDefault(id, (0.005, ""));
        double ratio = Counted(model) / model.PublishedParameters!.Value.Value;
        Assert.InRange(ratio, 1 - tolerance, 1 + tolerance);
    }

    [Theory]
    [InlineData("glm-4.5")]
    [InlineData("glm-4.5-air")]
    [InlineData("falcon-7b")]
    [InlineData("falcon-40b")]
    [InlineData("falcon-180b")]
    [InlineData("qwen2-57b-a14b")]
    [InlineData("deepseek-moe-16b")]
    [InlineData("qwen3-coder-480b-a35b")]
    public void A_checkpoint_is_met_to_the_last_parameter(string id)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        Assert.Equal(model.PublishedParameters!.Value.Value, Counted(model));
    }

    [Fact]
    public void What_two_checkpoints_have_more_than_their_text_models_is_the_same_vision_encoder()
    {
        Transformer scout = TransformerReader.Read(LegalCases.Embedded, "llama-4-scout");
        Transformer maverick = TransformerReader.Read(LegalCases.Embedded, "llama-4-maverick");
        Assert.Equal(
            scout.PublishedParameters!.Value.Value - scout.ParameterCount,
            maverick.PublishedParameters!.Value.Value - maverick.ParameterCount);
    }

    [Fact]
    public void Recalled_counts_are_known_and_none_is_computed_here()
    {
        Dictionary<string, FigureStatus> statuses = LegalCases.Embedded.Ids("models")
            .Select(id => (Id: id, TransformerReader.Read(LegalCases.Embedded, id).PublishedParameters))
            .Where(static model => model.PublishedParameters is not null)
            .ToDictionary(static model => model.Id, static model => model.PublishedParameters!.Value.Status, StringComparer.Ordinal);
        Assert.Equal(
            Recalled.Keys.Order(StringComparer.Ordinal),
            statuses.Where(static model => model.Value != FigureStatus.Seen).Select(static model => model.Key).Order(StringComparer.Ordinal));
    }

    // Like with like: what a published count holds beside the model.
    private static double Counted(Transformer model)
    {
        var shape = model.Lift<Scalar>();
        double head = ParameterCount.Head(shape).Value;
        LegalCases.Embedded.Find("models", model.Id).TryAttribute("parametersCounted", out string? counted);
        return model.ParameterCount + counted switch
        {
            "with-tied-head" => head,
            "with-prediction" => ParameterCount.Prediction(shape).Value + (2 * head),
            "with-relative-positions" => model.Layers.Value * model.Hidden.Value * model.Hidden.Value,
            _ => 0,
        };
    }

    [Fact]
    public void Every_system_of_the_catalog_can_be_planned_on() => Assert.All(LegalCases.Embedded.Ids("systems"), id =>
    {
        NodeSystem system = SystemReader.Read(LegalCases.Embedded, id);
        double node = Math.Max(8, system.DevicesPerNode.Value);
        string text = $$"""
            model: { layers: 8, hidden: 1024, feedForward: 4096, heads: 8, vocabulary: 32000 }
            training: { tokens: 1G, sequenceLength: 1024, globalBatchSequences: 16, precision: {{Names.Of(system.Accelerator.SixteenBit)}} }
            cluster: { system: {{id}}, devices: {{node}} }
            site: { grid: fr }
            """;
        Assert.True(new Estimator(LegalCases.Embedded).Estimate(LegalCases.Read(text)).Step.Seconds > 0);
    });

    [Fact]
    public void There_are_at_least_a_hundred_models() => Assert.True(LegalCases.Embedded.Ids("models").Count >= 100);
}
