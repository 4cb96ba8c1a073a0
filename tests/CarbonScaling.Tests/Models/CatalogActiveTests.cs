using CarbonScaling.Models;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Models;

/// <summary>What the catalog says of its mixtures and latents.</summary>
public sealed class CatalogActiveTests
{
    /// <summary>Published counts are rounded to two digits, many of them in a name.</summary>
    private const double Tolerance = 0.02;

    /// <summary>Counts that are rounded more, and how.</summary>
    private static readonly Dictionary<string, (double Tolerance, string Reason)> Loose = new(StringComparer.Ordinal)
    {
        ["deepseek-v2-lite"] = (0.022, "2.45 billion are printed as 2.4"),
        ["granite-3.0-1b-a400m"] = (0.06, "0.38 billion are 400 million in the name"),
    };

    /// <summary>Mixtures of which no count is published, and what is.</summary>
    private static readonly Dictionary<string, string> Uncounted = new(StringComparer.Ordinal)
    {
        ["grok-1"] = "a quarter of the weights, which is two of eight experts",
    };

    public static TheoryData<string> Mixtures { get; } =
        [.. LegalCases.Embedded.Ids("models").Where(id => Read(id).PublishedActiveParameters is not null)];

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Active_parameters_are_near_the_published_ones(string id)
    {
        Transformer model = Read(id);
        (double tolerance, _) = Loose.GetValueOrDefault(id, (Tolerance, ""));
        Assert.InRange(Counted(model) / model.PublishedActiveParameters!.Value.Value, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void Every_mixture_states_its_active_parameters_or_none_are_published() => Assert.Equal(
        Uncounted.Keys,
        LegalCases.Embedded.Ids("models").Where(id => Read(id) is { Traits.Mixture: not null, PublishedActiveParameters: null }));

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

    // Like with like: sources leave out the embedding, or the head too.
    private static double Counted(Transformer model)
    {
        var shape = model.Lift<Scalar>();
        double embedding = ParameterCount.Embedding(shape).Value;
        double head = model.Traits.TiedEmbeddings ? 0 : ParameterCount.Head(shape).Value;
        LegalCases.Embedded.Find("models", model.Id).TryAttribute("activeParametersCounted", out string? counted);
        return model.ActiveParameterCount - counted switch
        {
            "without-embedding" => embedding,
            "without-embedding-and-head" => embedding + head,
            _ => 0,
        };
    }

    private static Transformer Read(string id) => TransformerReader.Read(LegalCases.Embedded, id);
}
