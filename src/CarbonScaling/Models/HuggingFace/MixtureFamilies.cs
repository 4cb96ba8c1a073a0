namespace CarbonScaling.Models.HuggingFace;

/// <summary>Configurations with experts.</summary>
internal static class MixtureFamilies
{
    private static readonly string[] LocalExperts = ["num_local_experts", "num_experts"];
    private static readonly string[] PlainExperts = ["num_experts", "num_local_experts"];
    private static readonly string[] RoutedExperts = ["n_routed_experts", "num_experts", "num_local_experts"];

    public static Architecture Mixtral(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(32000, 4096, 14336, 32, 32, 8));
        ExpertNumbers experts = DecoderReader.Experts(config, LocalExperts, 8, 2, "intermediate_size", 14336);
        Architecture windowed = DecoderReader.WithWindow(model, config, "sliding_window", 0, static _ => true);
        return DecoderReader.WithExperts(windowed, config, experts, "num_local_experts", static _ => true);
    }

    public static Architecture Qwen2(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(151936, 2048, 5632, 24, 16, 16));
        Biases biases = config.Flag("qkv_bias", true) ? Biases.QueryKeyValue : Biases.None;
        ExpertNumbers experts = DecoderReader.Experts(config, PlainExperts, 60, 4, "moe_intermediate_size", 1408) with
        {
            SharedFeedForward = config.Optional(
                ArchitectureFields.SharedFeedForward, "shared_expert_intermediate_size", 5632, ArchitectureLimits.Width),
            Traits = new() { SharedExpertGate = true },
        };
        return QwenExperts(model with { Traits = model.Traits with { Biases = biases } }, config, experts);
    }

    public static Architecture Qwen3(ConfigFields config)
    {
        Architecture model = DenseFamilies.WithBiases(DecoderReader.Gated(config, new(151936, 2048, 6144, 24, 32, 4)), config);
        ExpertNumbers experts = DecoderReader.Experts(config, PlainExperts, 128, 8, "moe_intermediate_size", 768);
        return QwenExperts(model with { Traits = model.Traits with { QueryKeyNorm = QueryKeyNorm.PerHead } }, config, experts);
    }

    public static Architecture GptOss(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(201088, 2880, 2880, 36, 64, 8, 64));
        bool biased = config.Flag("attention_bias", true);
        model = model with
        {
            Traits = model.Traits with
            {
                Biases = DecoderReader.BiasesOf(biased, output: true, feedForward: true),
                AttentionSinks = true,
            },
        };
        Architecture windowed = DecoderReader.WithWindow(model, config, "sliding_window", 128, static layer => layer % 2 == 0);
        ExpertNumbers experts = DecoderReader.Experts(config, LocalExperts, 128, 4, "intermediate_size", 2880) with
        {
            Traits = new() { RouterBias = true },
        };
        return DecoderReader.WithExperts(windowed, config, experts, "num_local_experts", static _ => true);
    }

    public static Architecture Llama4(ConfigFields config)
    {
        Architecture model = DenseFamilies.WithBiases(DecoderReader.Gated(config, new(202048, 5120, 8192, 48, 40, 8, 128)), config);
        int width = model.FeedForward;
        bool normed = config.Flag("use_qk_norm", true);
        model = model with
        {
            FeedForward = config.Whole(ArchitectureFields.FeedForward, ["intermediate_size_mlp"], 16384, ArchitectureLimits.Width),
            Traits = model.Traits with { QueryKeyNorm = normed ? QueryKeyNorm.Unscaled : QueryKeyNorm.None },
        };
        int interval = config.Whole(ArchitectureFields.WindowFullInterval, ["no_rope_layer_interval"], 4, ArchitectureLimits.Layers);
        IReadOnlyList<int>? rotary = config.Numbers("no_rope_layers") is { Count: > 0 } given ? given : null;
        Architecture windowed = DecoderReader.WithWindow(
            model,
            config,
            "attention_chunk_size",
            8192,
            layer => rotary is null ? (layer + 1) % interval != 0 : layer < rotary.Count && rotary[layer] != 0,
            WindowKind.Chunked);
        ExpertNumbers experts = DecoderReader.Experts(config, LocalExperts, 16, 1, "intermediate_size", 8192) with
        {
            SharedFeedForward = width,
        };
        int step = config.Whole(ArchitectureFields.ExpertLayerInterval, ["interleave_moe_layer_step"], 1, ArchitectureLimits.Layers);
        HashSet<int>? layers = config.Numbers("moe_layers")?.ToHashSet();
        return DecoderReader.WithExperts(
            windowed, config, experts, "moe_layers", layer => layers?.Contains(layer) ?? (layer + 1) % step == 0);
    }

    public static Architecture Llama4WithVision(ConfigFields config) => Llama4(config.Inside("text_config"));

    public static Architecture GraniteMoe(ConfigFields config)
    {
        Architecture model = DenseFamilies.WithBiases(DecoderReader.Gated(config, new(32000, 4096, 11008, 32, 32)), config);
        ExpertNumbers experts = DecoderReader.Experts(config, LocalExperts, 8, 2, "intermediate_size", 11008);
        return DecoderReader.WithExperts(model, config, experts, "num_local_experts", static _ => true);
    }

    public static Architecture OlmoE(ConfigFields config)
    {
        Architecture model = DenseFamilies.WithBiases(DecoderReader.Gated(config, new(50304, 2048, 2048, 16, 16)), config);
        ExpertNumbers experts = DecoderReader.Experts(config, PlainExperts, 64, 8, "intermediate_size", 2048);
        model = model with { Traits = model.Traits with { QueryKeyNorm = QueryKeyNorm.PerWidth } };
        return DecoderReader.WithExperts(model, config, experts, "num_experts", static _ => true);
    }

    public static Architecture Glm4(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(151552, 4096, 10944, 46, 96, 8));
        bool biased = config.Flag("attention_bias", false);
        bool normed = config.Flag("use_qk_norm", false);
        model = model with
        {
            PredictionLayers = Prediction(config),
            Traits = model.Traits with
            {
                Biases = biased ? Biases.QueryKeyValue : Biases.None,
                QueryKeyNorm = normed ? QueryKeyNorm.PerHead : QueryKeyNorm.None,
            },
        };
        ExpertNumbers experts = DecoderReader.Experts(config, RoutedExperts, 128, 8, "moe_intermediate_size", 1408);
        return DeepSeekExperts(model, config, WithShared(config, experts, 1, Groups(config, 1, 1, true)), 1);
    }

    public static Architecture Dbrx(ConfigFields config)
    {
        ConfigFields attention = config.Inside("attn_config");
        ConfigFields block = config.Inside("ffn_config");
        Architecture model = DecoderReader.Gated(config, new(32000, 2048, null, 24, 16)) with
        {
            KeyValueHeads = attention.Whole(ArchitectureFields.KeyValueHeads, ["kv_n_heads"], 1, ArchitectureLimits.Heads),
        };
        ExpertNumbers experts = DecoderReader.Experts(
            block, ["moe_num_experts"], 4, 1, "ffn_hidden_size", 3584, perTokenKey: "moe_top_k");
        model = model with { Traits = model.Traits with { Normalisation = Normalisation.LayerNormWithoutBias } };
        return DecoderReader.WithExperts(model, config, experts, "ffn_config", static _ => true);
    }

    /// <summary>The first generation: ordinary attention with fine-grained experts.</summary>
    public static Architecture DeepSeek(ConfigFields config)
    {
        Architecture model = DenseFamilies.WithBiases(DecoderReader.Gated(config, new(102400, 4096, 11008, 30, 32, 32)), config);
        ExpertNumbers experts = DecoderReader.Experts(config, RoutedExperts, null, null, "moe_intermediate_size", 1407);
        return DeepSeekExperts(model, config, WithShared(config, experts, 0, new()), 0);
    }

    public static Architecture DeepSeek2(ConfigFields config)
    {
        Architecture model = Latent(DecoderReader.Gated(config, new(32000, 4096, 11008, 32, 32)), config);
        ExpertNumbers experts = DecoderReader.Experts(config, RoutedExperts, 64, null, "moe_intermediate_size", 1407);
        bool limited = config.Text("topk_method", "greedy") != "greedy";
        return DeepSeekExperts(model, config, WithShared(config, experts, 2, limited ? Groups(config, 1, 1, false) : new()), 0);
    }

    public static Architecture DeepSeek3(ConfigFields config)
    {
        Architecture model = Latent(DecoderReader.Gated(config, new(129280, 7168, 18432, 61, 128, 128)), config);
        model = model with { PredictionLayers = Prediction(config) };
        ExpertNumbers experts = DecoderReader.Experts(config, RoutedExperts, 256, 8, "moe_intermediate_size", 2048);
        return DeepSeekExperts(model, config, WithShared(config, experts, 1, Groups(config, 8, 4, true)), 3);
    }

    private static Architecture Latent(Architecture model, ConfigFields config) => model with
    {
        KeyValueHeads = model.Heads,
        HeadDimension = config.Whole(ArchitectureFields.HeadDimension, ["qk_nope_head_dim"], 128, ArchitectureLimits.Heads),
        QueryRank = config.Optional(ArchitectureFields.QueryRank, "q_lora_rank", 1536, ArchitectureLimits.Width),
        KeyValueRank = config.Whole(ArchitectureFields.KeyValueRank, ["kv_lora_rank"], 512, ArchitectureLimits.Width),
        RopeHeadDimension = config.Whole(ArchitectureFields.RopeHeadDimension, ["qk_rope_head_dim"], 64, ArchitectureLimits.Heads),
        ValueHeadDimension = config.Whole(ArchitectureFields.ValueHeadDimension, ["v_head_dim"], 128, ArchitectureLimits.Heads),
        Traits = model.Traits with
        {
            Attention = AttentionKind.Latent,
            Biases = config.Flag("attention_bias", false) ? Biases.Attention : Biases.None,
        },
    };

    private static int Prediction(ConfigFields config) =>
        config.Optional(ArchitectureFields.PredictionLayers, "num_nextn_predict_layers", 0, ArchitectureLimits.PredictionLayers);

    private static ExpertNumbers WithShared(ConfigFields config, ExpertNumbers experts, int standard, MixtureTraits traits)
    {
        int shared = config.Optional(ArchitectureFields.SharedFeedForward, "n_shared_experts", standard, most: 1000);
        long width = (long)shared * experts.FeedForward;
        return experts with { SharedFeedForward = (int)Math.Min(width, ArchitectureLimits.Width), Traits = traits };
    }

    // A single group, or as many as there are, limits nothing.
    private static MixtureTraits Groups(ConfigFields config, int standardGroups, int standardLimit, bool routerBias)
    {
        int groups = config.Whole(ArchitectureFields.RoutingGroups, ["n_group"], standardGroups, ArchitectureLimits.Experts);
        int limit = config.Whole(ArchitectureFields.RoutingGroupLimit, ["topk_group"], standardLimit, ArchitectureLimits.Experts);
        bool limits = groups > 1 && limit != groups;
        return new() { RouterBias = routerBias, RoutingGroups = limits ? groups : 0, RoutingGroupLimit = limits ? limit : 0 };
    }

    private static Architecture DeepSeekExperts(Architecture model, ConfigFields config, ExpertNumbers experts, int standardLeading)
    {
        int leading = config.Whole(
            ArchitectureFields.LeadingDenseLayers, ["first_k_dense_replace"], standardLeading, ArchitectureLimits.Layers, least: 0);
        int frequency = config.Whole(ArchitectureFields.ExpertLayerInterval, ["moe_layer_freq"], 1, ArchitectureLimits.Layers);
        return DecoderReader.WithExperts(
            model, config, experts, "first_k_dense_replace", layer => layer >= leading && layer % frequency == 0);
    }

    private static Architecture QwenExperts(Architecture model, ConfigFields config, ExpertNumbers experts)
    {
        int step = config.Whole(ArchitectureFields.ExpertLayerInterval, ["decoder_sparse_step"], 1, ArchitectureLimits.Layers);
        HashSet<int> dense = [.. config.Numbers("mlp_only_layers") ?? []];
        return DecoderReader.WithExperts(
            DenseFamilies.QwenWindow(model, config),
            config,
            experts,
            "mlp_only_layers",
            layer => !dense.Contains(layer) && (layer + 1) % step == 0);
    }
}
