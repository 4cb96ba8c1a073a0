using CarbonScaling.Models;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Models;

/// <summary>Parameters and FLOPs of mixtures, latent attention and windows, worked out by hand.</summary>
public sealed class MixtureAndWindowTests
{
    [Fact]
    public void Mixtral_by_hand()
    {
        TransformerShape<Scalar> shape = Shape("mixtral-8x7b");

        // h = 4096: queries and output 4096² each, keys and values 4096·1024 each.
        const double Attention = (2 * 4096.0 * 4096) + (2 * 4096.0 * 1024);
        const double Expert = 3 * 4096.0 * 14336;
        const double Router = 4096 * 8, Norms = 2 * 4096, Ends = (2 * 32000.0 * 4096) + 4096;
        Assert.Equal(Attention, ParameterCount.AttentionMatrices(shape).Value);
        Assert.Equal(8 * Expert, ParameterCount.RoutedExperts(shape).Value);
        Assert.Equal((32 * (Attention + (8 * Expert) + Router + Norms)) + Ends, ParameterCount.Total(shape).Value);
        Assert.Equal((32 * (Attention + (2 * Expert) + Router + Norms)) + Ends, ParameterCount.Active(shape).Value);

        // Announced as 46.7 and 12.9 billion.
        Assert.Equal(46.7, ParameterCount.Total(shape).Value / 1e9, 1);
        Assert.Equal(12.9, ParameterCount.Active(shape).Value / 1e9, 1);
    }

    [Fact]
    public void DeepSeek_V3_by_hand()
    {
        TransformerShape<Scalar> shape = Shape("deepseek-v3");

        // Queries down to 1536 and up to 128 heads of 192; keys and values down to 512 and a rotary part of 64, up to 128
        // heads of 128 and 128; 128 heads of 128 back to 7168.
        const double Attention = (7168.0 * 1536) + (1536.0 * 128 * 192) + (7168.0 * (512 + 64)) + (512.0 * 128 * 256) + (128.0 * 128 * 7168);
        const double Expert = 3 * 7168.0 * 2048, Dense = 3 * 7168.0 * 18432;
        const double Vectors = (2 * 7168) + 1536 + 512, Router = (7168 * 256) + 256;
        const double Ends = (2 * 129280.0 * 7168) + 7168;
        Assert.Equal(Attention, ParameterCount.AttentionMatrices(shape).Value);
        Assert.Equal(Vectors, ParameterCount.LayerVectors(shape).Value);
        double total = (61 * (Attention + Vectors)) + (3 * Dense) + (58 * ((257 * Expert) + Router)) + Ends;
        Assert.Equal(total, ParameterCount.Total(shape).Value);
        Assert.Equal(671.0, total / 1e9, 1);
        Assert.Equal(37.6, ParameterCount.Active(shape).Value / 1e9, 1);

        // The description says 11.5 billion of the prediction module without embedding and head.
        double module = (2 * 7168.0 * 7168) + Attention + Vectors + (257 * Expert) + Router + (3 * 7168);
        Assert.Equal(module, ParameterCount.Prediction(shape).Value);
        Assert.Equal(1, module / 11.5e9, 0.01);
    }

    [Fact]
    public void FLOPs_of_DeepSeek_V3_by_hand()
    {
        TransformerShape<Scalar> shape = Shape("deepseek-v3");
        const double Sequence = 4096;
        double attention = ParameterCount.AttentionMatrices(shape).Value;
        const double Expert = 3 * 7168.0 * 2048, Dense = 3 * 7168.0 * 18432, Projection = 2 * 7168.0 * 7168;
        double mixture = attention + (9 * Expert) + (7168 * 256);
        double layers = 2 * ((3 * (attention + Dense)) + (59 * mixture) + Projection);
        double heads = 2 * 2 * 129280.0 * 7168;

        // Scores have 192 channels, their use 128; 62 layers with that of the prediction module.
        double scores = 62 * 2 * 128 * (192 + 128) * Sequence;
        Assert.Equal(layers, TokenFlops.ForwardLayers(shape).Value.Value, layers * 1e-12);
        Assert.Equal(heads, TokenFlops.ForwardHead(shape).Value.Value);
        Assert.Equal(scores, TokenFlops.ForwardAttention(shape, new(Sequence)).Value.Value);
        Assert.Equal(3 * (layers + heads + scores), Model(shape, Sequence, FlopsConvention.ModelFull), layers * 1e-12);
        Assert.Equal(3 * (layers + heads + (scores / 2)), Model(shape, Sequence, FlopsConvention.ModelCausal), layers * 1e-12);
        Assert.Equal(6 * ParameterCount.Active(shape).Value, Model(shape, Sequence, FlopsConvention.Parameters));
    }

    [Fact]
    public void Dense_attention_is_as_ever()
    {
        TransformerShape<Scalar> shape = Shape("gpt3-175b");
        Assert.Equal(4.0 * 96 * 2048 * 96 * 128, TokenFlops.ForwardAttention(shape, new(2048)).Value.Value);
        Assert.Equal(2.0 * 96 * 2048 * 96 * 128, TokenFlops.ForwardCausalAttention(shape, new(2048)).Value.Value);
    }

    [Theory]
    [InlineData("mistral-7b", 8192)]
    [InlineData("mistral-7b", 4096)]
    [InlineData("mistral-7b", 1000)]
    [InlineData("gemma-2-9b", 8192)]
    [InlineData("gemma-3-27b", 32768)]
    [InlineData("gpt-oss-120b", 4096)]
    [InlineData("llama-4-scout", 8192)]
    [InlineData("llama-4-scout", 20000)]
    public void Windows_agree_with_a_count_of_the_pairs(string id, int sequence)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        WindowTraits window = model.Traits.Window!;
        int width = (int)model.Window!.Value.Value;

        // A token attends to the ones before it and half to itself, as s²/2 counts them.
        double pairs = 0;
        for (int layer = 0; layer < model.LayerCount; layer++)
        {
            for (int token = 0; token < sequence; token++)
            {
                int reach = !window.IsWindowed(layer) ? token : window.Kind == WindowKind.Sliding ? Math.Min(token, width) : token % width;
                bool full = window.IsWindowed(layer) && window.Kind == WindowKind.Sliding && token >= width;
                pairs += full ? reach : reach + 0.5;
            }
        }

        TransformerShape<Scalar> shape = model.Lift<Scalar>();
        double expected = 4 * pairs / sequence * model.Heads.Value * model.HeadDimension.Value;
        Assert.Equal(1, TokenFlops.ForwardCausalAttention(shape, new(sequence)).Value.Value / expected, 1e-9);
    }

    [Theory]
    [InlineData("gemma-2-9b", 21)]
    [InlineData("gemma-3-27b", 52)]
    [InlineData("gpt-oss-120b", 18)]
    [InlineData("mistral-7b", 32)]
    [InlineData("llama-4-maverick", 36)]
    public void Windowed_layers_are_counted(string id, int windowed)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        Assert.Equal(windowed, model.WindowedLayerCount);
        Assert.Equal(windowed, Enumerable.Range(0, model.LayerCount).Count(model.Traits.Window!.IsWindowed));
    }

    [Theory]
    [InlineData("deepseek-v3", 58, false, true)]
    [InlineData("llama-4-maverick", 24, false, true)]
    [InlineData("mixtral-8x7b", 32, true, true)]
    public void Layers_with_experts_are_counted(string id, int layers, bool first, bool last)
    {
        Transformer model = TransformerReader.Read(LegalCases.Embedded, id);
        Assert.Equal(layers, model.MoeLayerCount);
        Assert.Equal((first, last), (model.Traits.Mixture!.HasExperts(0), model.Traits.Mixture.HasExperts(model.LayerCount - 1)));
    }

    [Fact]
    public void Any_pattern_counts_its_layers() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.Int[0, 20], CsCheck.Gen.Int[0, 7], CsCheck.Gen.Int[0, 6], CsCheck.Gen.Int[0, 40]),
        (first, interval, phase, layers) =>
        {
            LayerPattern pattern = new(first, interval, interval == 0 ? 0 : phase % interval);
            bool[] holding = [.. Enumerable.Range(0, layers).Select(pattern.Holds)];
            Assert.Equal(holding.Count(holds => holds), pattern.Count(layers));
            Assert.True(LayerPattern.TryFind(holding, out LayerPattern found));
            Assert.Equal(holding, Enumerable.Range(0, layers).Select(found.Holds));
        });

    [Fact]
    public void Every_part_is_in_the_total() => CsCheck.Check.Sample(Architectures.ForMegatron, model =>
    {
        TransformerShape<Scalar> shape = model.ToTransformer("x", "x", (name, value) => new(name, value, "1", "test", FigureStatus.Given)).Lift<Scalar>();
        double layers = 0;
        for (int layer = 0; layer < model.Layers; layer++)
        {
            bool experts = model.Traits.Mixture?.HasExperts(layer) ?? false;
            layers += experts
                ? ParameterCount.MoeLayerCommon(shape).Value + ParameterCount.RoutedExperts(shape).Value
                : ParameterCount.LayerMatrices(shape).Value + ParameterCount.LayerVectors(shape).Value;
        }

        double norm = model.Hidden * (model.Traits.Normalisation == Normalisation.LayerNorm ? 2 : 1);
        double head = model.Traits.TiedEmbeddings ? 0 : ParameterCount.Head(shape).Value;
        double total = ParameterCount.Total(shape).Value;
        Assert.Equal(1, (layers + ParameterCount.Embedding(shape).Value + norm + head) / total, 1e-12);
        Assert.True(ParameterCount.Active(shape).Value <= total);
        Assert.Equal(
            ParameterCount.Total(Traced(model)).Value, total);
    });

    private static TransformerShape<Traced> Traced(Architecture model) =>
        model.ToTransformer("x", "x", (name, value) => new(name, value, "1", "test", FigureStatus.Given)).Lift<Traced>();

    private static TransformerShape<Scalar> Shape(string id) => TransformerReader.Read(LegalCases.Embedded, id).Lift<Scalar>();

    private static double Model(TransformerShape<Scalar> shape, double sequence, FlopsConvention convention) =>
        TokenFlops.Model(shape, new(sequence), convention).Value.Value;
}
