using CarbonScaling.Models;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Models;

/// <summary>Configurations of the Hugging Face hub.</summary>
public sealed class HuggingFaceConfigTests
{
    private static readonly string[] Keys =
    [
        "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size",
        "intermediate_size", "moe_intermediate_size", "num_experts", "num_experts_per_tok", "n_routed_experts", "n_group", "topk_group",
        "sliding_window", "use_sliding_window", "layer_types", "moe_layers", "mlp_only_layers", "text_config", "attn_config",
        "hidden_act", "tie_word_embeddings", "first_k_dense_replace", "q_lora_rank", "num_nextn_predict_layers", "expansion_ratio",
    ];

    private static readonly string[] Values =
    [
        "0", "1", "-1", "2", "3", "7", "64", "4096", "1e3", "1.5", "1e300", "1e999", "99999999999999999999", "null", "true", "false", "\"\"",
        "\"silu\"", "\"llama\"", "[]", "[0]", "[1,2,3]", "[\"full_attention\",\"sliding_attention\"]", "{}", "{\"hidden_size\":8}",
        "{\"alibi\":1}", "[[[[1]]]]", "\"\\ud800\"", "NaN", "\u0007",
    ];

    public static TheoryData<string> Names { get; } = [.. PublishedConfigs.All.Select(config => config.Name)];

    public static TheoryData<string> Types { get; } = [.. HuggingFaceConfig.ModelTypes];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_those_of_the_checkpoint(string name)
    {
        (_, double parameters, string json) = PublishedConfigs.All.First(config => config.Name == name);
        Assert.Equal(parameters, Read(json).ParameterCount);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_reads_with_what_its_class_cannot_know(string type)
    {
        // The experts of the DeepSeek family are the only numbers without a default.
        string json = $$"""{"model_type":"{{type}}","n_routed_experts":64,"num_experts_per_tok":6,"head_dim":128,"text_config":{ } }""";
        Transformer model = Read(json);
        Assert.True(model.ParameterCount > 1e6);
        Assert.Equal(FigureStatus.Default, model.Hidden.Status);
        Assert.Empty(Architecture.Of(model).Contradictions(field => field));
    }

    [Fact]
    public void Figures_name_the_file_and_the_key()
    {
        Transformer model = Read("""{"model_type":"gemma3","text_config":{"hidden_size":2560,"num_hidden_layers":34,"sliding_window":1024}}""");
        Assert.Equal(new Figure("config.json.text_config.hidden_size", 2560, "1", "config.json", FigureStatus.Given), model.Hidden);
        Assert.Equal(new Figure("config.json.text_config.num_attention_heads", 8, "1", "config.json", FigureStatus.Default), model.Heads);
        Assert.Equal((1024, 29), (model.Window?.Value, model.WindowedLayerCount));
    }

    [Fact]
    public void The_traits_of_a_mixture_are_read()
    {
        TransformerTraits traits = Read("""{"model_type":"deepseek_v3","num_nextn_predict_layers":1}""").Traits;
        Assert.Equal(AttentionKind.Latent, traits.Attention);
        Assert.Equal(new MixtureTraits { LeadingDenseLayers = 3, RoutingGroups = 8, RoutingGroupLimit = 4, RouterBias = true }, traits.Mixture);
    }

    [Theory]
    [InlineData("llama4_text", "\"interleave_moe_layer_step\":2", 24, 36)]
    [InlineData("llama4_text", "\"moe_layers\":[1,3,5,7],\"num_hidden_layers\":8,\"attention_chunk_size\":null", 4, 0)]
    [InlineData("qwen3_moe", "\"mlp_only_layers\":[0,1,2]", 21, 0)]
    [InlineData("qwen2_moe", "\"decoder_sparse_step\":2", 12, 0)]
    [InlineData("gpt_oss", "\"num_hidden_layers\":4,\"layer_types\":[\"full_attention\",\"sliding_attention\",\"full_attention\",\"sliding_attention\"]", 4, 2)]
    [InlineData("mixtral", "\"sliding_window\":4096", 32, 32)]
    public void Patterns_of_layers_are_read(string type, string fields, int experts, int windowed)
    {
        Transformer model = Read($$"""{"model_type":"{{type}}","hidden_size":4096,{{fields}}}""");
        Assert.Equal((experts, windowed), (model.MoeLayerCount, model.WindowedLayerCount));
    }

    [Theory]
    [InlineData("", "line 1: the text is empty; allowed: a JSON object with model_type and more")]
    [InlineData("{", "line 1: the text is not valid JSON; allowed: a JSON object with model_type and more")]
    [InlineData("{}{}", "line 1: the text is not valid JSON; allowed: a JSON object with model_type and more")]
    [InlineData("[1]", "line 1: '[…]' is not a configuration; allowed: a JSON object with model_type and more")]
    [InlineData("{\"model_type\":\"mpt\",\n\"attn_config\":7}", "line 2: attn_config: '7' is not an object; allowed: fields below it")]
    [InlineData("{\"model_type\":\"opt\",\"word_embed_proj_dim\":512}", "line 1: word_embed_proj_dim: '512' differs from hidden_size, 768; allowed: the same width")]
    [InlineData("{\"model_type\":\"llama\",\"num_key_value_heads\":5}", "line 1: num_key_value_heads: '5' does not divide num_attention_heads, 32; allowed: a divisor of it")]
    [InlineData("{\"model_type\":\"llama\",\"num_attention_heads\":31}", "line 1: head_dim: is missing, and hidden_size, 4096, is not a multiple of num_attention_heads, 31; allowed: a whole number")]
    [InlineData("{\"model_type\":\"llama\",\"hidden_act\":\"relu6\"}", "line 1: hidden_act: 'relu6' is not supported here; allowed: silu, gelu")]
    [InlineData("{\"model_type\":\"llama\",\"mlp_bias\":1}", "line 1: mlp_bias: '1' is neither true nor false; allowed: true, false")]
    [InlineData("{\"model_type\":\"mixtral\",\"num_experts_per_tok\":9}", "line 1: num_experts_per_tok: '9' is more than num_local_experts, 8; allowed: at most that")]
    [InlineData("{\"model_type\":\"deepseek_v3\",\"n_group\":7}", "line 1: n_group: '7' does not divide n_routed_experts, 256; allowed: a divisor of it")]
    [InlineData("{\"model_type\":\"qwen3_moe\",\"mlp_only_layers\":[2,3]}", "line 1: mlp_only_layers: '[…]' gives no regular pattern of layers; allowed: experts in every n-th layer after leading dense ones")]
    [InlineData("{\"model_type\":\"olmo3\",\"layer_types\":[\"linear_attention\"]}", "line 1: layer_types: '[…]' holds linear_attention; allowed: full_attention, sliding_attention, chunked_attention")]
    public void A_wrong_text_is_told_in_one_line(string json, string expected) =>
        Assert.Equal(expected, Assert.Single(Problems(json)));

    [Fact]
    public void An_unsupported_type_names_the_nearest_and_all()
    {
        string line = Assert.Single(Problems("{\"model_type\":\"mistra\"}"));
        Assert.StartsWith("line 1: model_type: 'mistra' is not supported (the nearest is mistral); allowed: bloom, dbrx, deepseek,", line, StringComparison.Ordinal);
        Assert.Contains("model_type: is missing; allowed: bloom,", Assert.Single(Problems("{}")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once_by_line() => Assert.Equal(
        [
            "line 2: hidden_size: '-1' is not a whole number, 1 to 10000000; allowed: a whole number, 1 to 10000000",
            "line 3: num_hidden_layers: '2.5' is not a whole number, 1 to 100000; allowed: a whole number, 1 to 100000",
            "line 4: vocab_size: 'many' is not a whole number, 1 to 100000000; allowed: a whole number, 1 to 100000000",
            "line 5: intermediate_size: '1e300' is not a whole number, 1 to 10000000; allowed: a whole number, 1 to 10000000",
        ],
        Problems("{\"model_type\":\"llama\",\n\"hidden_size\":-1,\n\"num_hidden_layers\":2.5,\n\"vocab_size\":\"many\",\n\"intermediate_size\":1e300}"));

    [Fact]
    public void A_deep_or_huge_text_is_refused()
    {
        Assert.Contains("nested more than 32 levels", Assert.Single(Problems(new string('[', 100_000))), StringComparison.Ordinal);
        Assert.Contains("too large", Assert.Single(Problems(new string(' ', 2 << 20))), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_gives_a_model_or_problems()
    {
        Gen<string> field = Gen.Select(Gen.OneOf(Keys), Gen.OneOf(Values), (key, value) => $"\"{key}\":{value}");
        Gen<string> type = Gen.OneOf([.. HuggingFaceConfig.ModelTypes]);
        Gen.Select(type, field.Array[0, 8], (name, fields) => $$"""{"model_type":"{{name}}"{{string.Concat(fields.Select(text => "," + text))}}}""")
            .Sample(Check, iter: 20_000);
        Gen.Select(Gen.OneOf(PublishedConfigs.All.Select(config => config.Json).ToArray()), Gen.Int[0, 400], Gen.Int[0, 20], Gen.OneOf(Values))
            .Select((json, start, length, piece) => Replace(json, start, length, piece)).Sample(Check, iter: 10_000);
        Gen.String.Sample(Check, iter: 3000);

        static string Replace(string json, int start, int length, string piece)
        {
            int from = start % json.Length;
            return json[..from] + piece + json[Math.Min(json.Length, from + length)..];
        }

        static void Check(string json)
        {
            try
            {
                double parameters = Read(json).ParameterCount;
                Assert.True(double.IsFinite(parameters) && parameters > 0);
            }
            catch (ModelFileException refused)
            {
                Assert.NotEmpty(refused.Problems);
                Assert.All(refused.Problems, problem =>
                {
                    Assert.True(problem.Line >= 1);
                    Assert.DoesNotContain(problem.ToString(), char.IsControl);
                });
            }
        }
    }

    private static Transformer Read(string json) => HuggingFaceConfig.Read(json, "config.json");

    private static string[] Problems(string json) =>
        [.. Assert.Throws<ModelFileException>(() => Read(json)).Problems.Select(problem => problem.ToString())];
}
