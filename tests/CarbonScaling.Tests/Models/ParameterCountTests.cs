using CarbonScaling.Models;
using CarbonScaling.Tests.Planning;
using CarbonScaling.Tests.Training;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Models;

/// <summary>Parameters and FLOPs counted by hand.</summary>
public sealed class ParameterCountTests
{
    [Theory]
    [InlineData("llama-3-8b", 8_030_261_248)]
    [InlineData("bloom-176b", 176_247_271_424)]
    [InlineData("gpt-neox-20b", 20_554_567_680)]
    [InlineData("qwen2.5-72b", 72_706_203_648)]
    [InlineData("starcoder-15b", 15_517_456_384)]
    [InlineData("tinyllama-1.1b", 1_100_048_384)]
    public void Models_with_an_exact_count_have_it_to_the_parameter(string id, double parameters) =>
        Assert.Equal(parameters, TransformerReader.Read(LegalCases.Embedded, id).ParameterCount);

    [Fact]
    public void A_grouped_query_model_by_hand()
    {
        // Llama 3 8B: h 4096, f 14336, 32 heads of 128 over 8 key-value heads, V 128256, untied, norms without bias.
        TransformerShape<Scalar> shape = Shape("llama-3-8b");
        Assert.Equal((4096 * (4096 + (2 * 1024) + 4096)) + (3 * 4096 * 14336), ParameterCount.LayerMatrices(shape).Value);
        Assert.Equal(2 * 4096, ParameterCount.LayerVectors(shape).Value);
        Assert.Equal(128_256 * 4096, ParameterCount.Embedding(shape).Value);
        Assert.Equal(128_256 * 4096, ParameterCount.Head(shape).Value);
    }

    [Fact]
    public void A_multi_head_model_with_biases_by_hand()
    {
        // GPT-3 175B: 12h² of matrices and 13h of norms and biases; 51,200 tokens and 2,048 positions; tied.
        TransformerShape<Scalar> shape = Shape("gpt3-175b");
        Assert.Equal(12.0 * 12288 * 12288, ParameterCount.LayerMatrices(shape).Value);
        Assert.Equal(13.0 * 12288, ParameterCount.LayerVectors(shape).Value);
        Assert.Equal((51_200.0 + 2048) * 12288, ParameterCount.Embedding(shape).Value);
        double total = (96.0 * ((12.0 * 12288 * 12288) + (13 * 12288))) + ((51_200.0 + 2048) * 12288) + (2 * 12288);
        Assert.Equal(total, ParameterCount.Total(shape).Value);
    }

    [Fact]
    public void Flops_per_token_are_those_of_Narayanan()
    {
        // 72·B·s·L·h²·(1 + s/(6h) + V/(12·L·h)) forward and backward, 96 with full recomputation of the layers.
        const double L = 96, H = 12288, S = 2048, V = 51_200;
        TransformerShape<Scalar> shape = Shape("gpt3-175b");
        Scalar length = new(S);
        double model = 72 * L * H * H * (1 + (S / (6 * H)) + (V / (12 * L * H)));
        Assert.Equal(1, TokenFlops.Model(shape, length, FlopsConvention.ModelFull).Value.Value / model, 1e-12);
        double full = 96 * L * H * H * (1 + (S / (6 * H)) + (V / (16 * L * H)));
        Assert.Equal(1, Executed(Recomputation.Full) / full, 1e-12);
        Assert.Equal(1, (Executed(Recomputation.Selective) - model) / (4 * L * S * H), 1e-9);
        Assert.Equal(model, Executed(Recomputation.None), model * 1e-12);
        double causal = TokenFlops.Model(shape, length, FlopsConvention.ModelCausal).Value.Value;
        Assert.Equal(1, (model - causal) / (6 * L * S * H), 1e-9);
        double parameters = TokenFlops.Model(shape, length, FlopsConvention.Parameters).Value.Value;
        Assert.Equal(6 * ParameterCount.Total(shape).Value, parameters);
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenFlops.Model(Shape("gpt3-175b"), length, FlopsConvention.Hardware));

        double Executed(Recomputation recomputation)
        {
            PlanInputs<Scalar> plan = Hand.Plan(L) with { RecomputedLayers = new(L) };
            return ExecutedFlops.Reported(
                Shape("gpt3-175b"), length, plan, new() { Recompute = RecomputePlan.Of(recomputation) }).Value.Value;
        }
    }

    [Theory]
    [InlineData("gpt3-175b", 8)]
    [InlineData("llama-3-8b", 8)]
    [InlineData("bloom-176b", 4)]
    public void The_shares_of_tensor_parallel_ranks_are_the_model_and_the_copies_of_its_vectors(string id, int tensor)
    {
        TransformerShape<Scalar> shape = Shape(id);
        RankParameters<Scalar> rank = Rank(id, tensor);
        double layers = shape.Layers.Value;
        double copies = (tensor - 1) * ((layers * ParameterCount.LayerVectors(shape).Value)
            + ParameterCount.Embedding(shape).Value - ParameterCount.Head(shape).Value);
        double total = ParameterCount.Total(shape).Value;
        double head = shape.Traits.TiedEmbeddings ? 0 : rank.Head.Value;
        double held = tensor * ((layers * rank.Layer.Value) + rank.Embedding.Value + head);

        // The final norm, 2h at most, is on none.
        Assert.InRange(total + copies - held, 0, 2 * shape.Hidden.Value);
    }

    [Fact]
    public void A_rank_holds_a_whole_key_value_head_at_least()
    {
        // StarCoder has one: with eight ranks each holds all of it, 2·h·d of weights.
        TransformerShape<Scalar> shape = Shape("starcoder-15b");
        double one = Rank("starcoder-15b", 1).Layer.Value;
        double eight = Rank("starcoder-15b", 8).Layer.Value;
        double vectors = ParameterCount.LayerVectors(shape).Value;
        double keyValue = 2 * 6144.0 * 128;
        Assert.Equal(((one - vectors - keyValue) / 8) + keyValue + vectors, eight, 1);
    }

    private static RankParameters<Scalar> Rank(string id, int tensor) =>
        RankParameters<Scalar>.Of(Hand.Layer(TransformerReader.Read(LegalCases.Embedded, id), 2048, 1, tensor));

    private static TransformerShape<Scalar> Shape(string id) => TransformerReader.Read(LegalCases.Embedded, id).Lift<Scalar>();
}
