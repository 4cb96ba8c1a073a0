using CarbonScaling.Models;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Models;

/// <summary>What the catalog says of its mixtures and latents.</summary>
public sealed class CatalogActiveTests
{
    /// <summary>Published active counts leave out different parts, and are rounded or part of a name.</summary>
    private const double Tolerance = 0.06;

    // Counted without the embedding, or rounded up in the name.
    private static readonly Dictionary<string, double> Loose = new(StringComparer.Ordinal)
    {
        ["gpt-oss-20b"] = 0.17,
        ["gpt-oss-120b"] = 0.13,
        ["deepseek-v2-lite"] = 0.12,
        ["grok-1"] = 0.1,
        ["granite-3.0-3b-a800m"] = 0.12,
        ["granite-3.0-1b-a400m"] = 0.1,
        ["glm-4.5-air"] = 0.13,
    };

    public static TheoryData<string> Mixtures { get; } =
        [.. LegalCases.Embedded.Ids("models").Where(id => Read(id).PublishedActiveParameters is not null)];

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Active_parameters_are_near_the_published_ones(string id)
    {
        Transformer model = Read(id);
        double tolerance = Loose.GetValueOrDefault(id, Tolerance);
        Assert.InRange(model.ActiveParameterCount / model.PublishedActiveParameters!.Value.Value, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Every_mixture_states_its_active_parameters_or_none_are_published() => Assert.All(
        LegalCases.Embedded.Ids("models").Where(id => Read(id).Traits.Mixture is not null && id != "moonlight-16b-a3b"),
        id => Assert.NotNull(Read(id).PublishedActiveParameters));

    [Fact]
    public void Words_and_figures_agree() => Assert.All(LegalCases.Embedded.Ids("models"), id =>
    {
        Transformer model = Read(id);
        var entry = LegalCases.Embedded.Find("models", id);
        string attention = model switch
        {
            { Traits.Attention: AttentionKind.Latent } => "mla",
            { KeyValueHeads.Value: 1 } => "mqa",
            _ => model.KeyValueHeads.Value == model.Heads.Value ? "mha" : "gqa",
        };
        Assert.Equal(attention, entry.Attribute("attention"));
        Assert.Equal(model.Traits.Mixture is null ? "dense" : "moe", entry.Attribute("architecture"));
        Assert.Equal(model.Traits.Positions == PositionEncoding.Learned, model.Positions.Value > 0);
        Assert.Empty(Architecture.Of(model).Contradictions(field => field));
    });

    [Fact]
    public void The_module_of_GLM_4_5_is_what_its_checkpoint_has_more()
    {
        // The checkpoint holds the prediction module with copies of embedding and head.
        var shape = Read("glm-4.5").Lift<Scalar>();
        double copies = 2 * ParameterCount.Head(shape).Value;
        Assert.Equal(358_337_791_296, ParameterCount.Total(shape).Value + ParameterCount.Prediction(shape).Value + copies);
    }

    private static Transformer Read(string id) => TransformerReader.Read(LegalCases.Embedded, id);
}
