namespace CarbonScaling.Models.HuggingFace;

/// <summary>Dense configurations in the manner of GPT: not gated, most with biases everywhere.</summary>
internal static class PlainFamilies
{
    /// <summary>Rows that OPT keeps before the first position.</summary>
    private const int PositionOffset = 2;

    public static Architecture Gpt2(ConfigFields config)
    {
        DecoderDefaults standard = new(50257, 768, null, 12, 12, Tied: true, Activation: "gelu_new");
        return Learned(DecoderReader.Plain(config, standard), config, ["n_positions", "max_position_embeddings"], 1024);
    }

    public static Architecture GptBigCode(ConfigFields config)
    {
        DecoderDefaults standard = new(50257, 768, null, 12, 12, Tied: true, Activation: "gelu_pytorch_tanh");
        Architecture model = Learned(DecoderReader.Plain(config, standard), config, ["n_positions", "max_position_embeddings"], 1024);
        return config.Flag("multi_query", true) ? model with { KeyValueHeads = 1 } : model;
    }

    public static Architecture GptNeoX(ConfigFields config) => Change(
        DecoderReader.Plain(config, new(50432, 6144, 24576, 44, 64, Activation: "gelu")),
        traits => traits with
        {
            Biases = DecoderReader.BiasesOf(config.Flag("attention_bias", true), output: true, feedForward: true),
            ParallelBlocks = config.Flag("use_parallel_residual", true),
        });

    public static Architecture Bloom(ConfigFields config) => Change(
        DecoderReader.Plain(config, new(250880, 64, null, 2, 8, Tied: true, Activation: "gelu")),
        static traits => traits with { Positions = PositionEncoding.Alibi, EmbeddingNorm = true });

    public static Architecture Opt(ConfigFields config)
    {
        DecoderDefaults standard = new(50272, 768, 3072, 12, 12, Tied: true, Activation: "relu");
        Architecture model = DecoderReader.Plain(config, standard);
        int projected = config.Whole("embeddingWidth", ["word_embed_proj_dim"], model.Hidden, ArchitectureLimits.Width);
        if (projected != model.Hidden)
        {
            config.Report("word_embed_proj_dim", $"differs from {config.KeyOf(ArchitectureFields.Hidden)}, {model.Hidden}; allowed: the same width");
        }

        bool scaled = config.Flag("layer_norm_elementwise_affine", true);
        Architecture learned = Learned(model, config, ["max_position_embeddings"], 2048);
        return Change(learned with { PositionsLength = learned.PositionsLength + PositionOffset }, traits => traits with
        {
            Biases = config.Flag("enable_bias", true) ? Biases.All : Biases.None,
            Normalisation = scaled ? Normalisation.LayerNorm : Normalisation.LayerNormWithoutParameters,
        });
    }

    public static Architecture Falcon(ConfigFields config)
    {
        DecoderDefaults standard = new(65024, 4544, null, 32, 71, Tied: true, Activation: "gelu");
        Architecture model = DecoderReader.Plain(config, standard);
        bool grouped = config.Flag("new_decoder_architecture", false);
        bool parallel = grouped || config.Flag("parallel_attn", true);
        int norms = config.Whole("norms", ["num_ln_in_parallel_attn"], grouped || !parallel ? 2 : 1, most: 2);
        return Change(
            !grouped && config.Flag("multi_query", true) ? model with { KeyValueHeads = 1 } : model,
            traits => traits with
            {
                Biases = config.Flag("bias", false) ? Biases.All : Biases.None,
                Positions = config.Flag("alibi", false) ? PositionEncoding.Alibi : PositionEncoding.Rotary,
                ParallelBlocks = parallel,
                NormsPerLayer = norms,
            });
    }

    public static Architecture Mpt(ConfigFields config)
    {
        int hidden = config.Whole(ArchitectureFields.Hidden, ["d_model", "hidden_size"], 2048, ArchitectureLimits.Width);
        int ratio = config.Whole("expansion", ["expansion_ratio"], 4, most: 1000);
        int inner = (int)Math.Min((long)ratio * hidden, ArchitectureLimits.Width);
        Architecture model = DecoderReader.Plain(config, new(50368, 2048, inner, 24, 16, Tied: true, Activation: "gelu"));
        ConfigFields attention = config.Inside("attn_config");
        bool alibi = attention.Flag("alibi", true);
        bool learned = !alibi && config.Flag("learned_pos_emb", true);
        Architecture positioned = learned ? Learned(model, config, ["max_seq_len"], 2048) : model;
        bool single = attention.Text("attn_type", "multihead_attention") == "multiquery_attention";
        bool bias = !config.Flag("no_bias", true);
        return Change(single ? positioned with { KeyValueHeads = 1 } : positioned, traits => traits with
        {
            Biases = bias ? Biases.All : Biases.None,
            Normalisation = bias ? Normalisation.LayerNorm : Normalisation.LayerNormWithoutBias,
            Positions = alibi ? PositionEncoding.Alibi : traits.Positions,
            QueryKeyNorm = attention.Flag("qk_ln", false) ? QueryKeyNorm.PerWidth : QueryKeyNorm.None,
        });
    }

    public static Architecture Phi(ConfigFields config) => Change(
        DecoderReader.Plain(config, new(51200, 2048, 8192, 24, 32, Activation: "gelu_new")),
        traits => traits with
        {
            ParallelBlocks = true,
            NormsPerLayer = 1,
            QueryKeyNorm = config.Flag("qk_layernorm", false) ? QueryKeyNorm.PerHead : QueryKeyNorm.None,
        });

    public static Architecture Nemotron(ConfigFields config) => Change(
        DecoderReader.Plain(config, new(256000, 6144, 24576, 32, 48, Activation: "relu2")),
        traits => traits with { Biases = DecoderReader.BiasesOf(config) });

    public static Architecture StarCoder2(ConfigFields config)
    {
        DecoderDefaults standard = new(49152, 3072, 12288, 30, 24, 2, Tied: true, Activation: "gelu_pytorch_tanh");
        Architecture model = Change(
            DecoderReader.Plain(config, standard),
            traits => traits with { Biases = config.Flag("use_bias", true) ? Biases.All : Biases.None });
        return DecoderReader.WithWindow(model, config, "sliding_window", 0, static _ => true);
    }

    private static Architecture Learned(Architecture model, ConfigFields config, string[] keys, int standard) => model with
    {
        PositionsLength = config.Whole(ArchitectureFields.PositionsLength, keys, standard, ArchitectureLimits.Sequence),
        Traits = model.Traits with { Positions = PositionEncoding.Learned },
    };

    private static Architecture Change(Architecture model, Func<TransformerTraits, TransformerTraits> change) =>
        model with { Traits = change(model.Traits) };
}
