namespace CarbonScaling.Models.HuggingFace;

/// <summary>Dense configurations in the manner of Llama: gated and without most biases.</summary>
internal static class DenseFamilies
{
    public static Architecture Llama(ConfigFields config) =>
        WithBiases(DecoderReader.Gated(config, new(32000, 4096, 11008, 32, 32)), config);

    public static Architecture Mistral(ConfigFields config) => DecoderReader.WithWindow(
        DecoderReader.Gated(config, new(32000, 4096, 14336, 32, 32, 8)), config, "sliding_window", 4096, static _ => true);

    public static Architecture Qwen2(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(151936, 4096, 22016, 32, 32, 32));
        return QwenWindow(model with { Traits = model.Traits with { Biases = Biases.QueryKeyValue } }, config);
    }

    public static Architecture Qwen3(ConfigFields config)
    {
        Architecture model = WithBiases(DecoderReader.Gated(config, new(151936, 4096, 22016, 32, 32, 32, 128)), config);
        return QwenWindow(model with { Traits = model.Traits with { QueryKeyNorm = QueryKeyNorm.PerHead } }, config);
    }

    public static Architecture Phi3(ConfigFields config) => DecoderReader.WithWindow(
        DecoderReader.Gated(config, new(32064, 3072, 8192, 32, 32)), config, "sliding_window", 0, static _ => true);

    public static Architecture Granite(ConfigFields config) =>
        WithBiases(DecoderReader.Gated(config, new(32000, 4096, 11008, 32, 32)), config);

    public static Architecture SmolLm3(ConfigFields config) =>
        WithBiases(DecoderReader.Gated(config, new(128256, 2048, 11008, 36, 16, 4, Tied: true)), config);

    public static Architecture Olmo(ConfigFields config) => WithNorms(
        WithBiases(DecoderReader.Gated(config, new(50304, 4096, 11008, 32, 32)), config),
        static traits => traits with { Normalisation = Normalisation.LayerNormWithoutParameters });

    public static Architecture Olmo2(ConfigFields config) => WithNorms(
        WithBiases(DecoderReader.Gated(config, new(50304, 4096, 11008, 32, 32)), config),
        static traits => traits with { QueryKeyNorm = QueryKeyNorm.PerWidth });

    public static Architecture Olmo3(ConfigFields config) =>
        DecoderReader.WithWindow(Olmo2(config), config, "sliding_window", 4096, static layer => (layer + 1) % 4 != 0);

    public static Architecture Gemma(ConfigFields config) => WithBiases(
        DecoderReader.Gated(config, new(256000, 3072, 24576, 28, 16, 16, 256, Tied: true, Activation: "gelu_pytorch_tanh")), config);

    public static Architecture Gemma2(ConfigFields config)
    {
        DecoderDefaults standard = new(256000, 2304, 9216, 26, 8, 4, 256, Tied: true, Activation: "gelu_pytorch_tanh");
        Architecture model = WithNorms(
            WithBiases(DecoderReader.Gated(config, standard), config), static traits => traits with { NormsPerLayer = 4 });
        return DecoderReader.WithWindow(model, config, "sliding_window", 4096, static layer => layer % 2 == 0);
    }

    public static Architecture Gemma3(ConfigFields config)
    {
        DecoderDefaults standard = new(262208, 2304, 9216, 26, 8, 4, 256, Tied: true, Activation: "gelu_pytorch_tanh");
        Architecture model = WithNorms(
            WithBiases(DecoderReader.Gated(config, standard), config),
            static traits => traits with { NormsPerLayer = 4, QueryKeyNorm = QueryKeyNorm.PerHead });
        int pattern = config.Whole(ArchitectureFields.WindowFullInterval, ["sliding_window_pattern"], 6, ArchitectureLimits.Layers);
        return DecoderReader.WithWindow(model, config, "sliding_window", 4096, layer => (layer + 1) % pattern != 0);
    }

    public static Architecture Gemma3WithVision(ConfigFields config) => Gemma3(config.Inside("text_config"));

    public static Architecture StableLm(ConfigFields config)
    {
        Architecture model = DecoderReader.Gated(config, new(50304, 2560, 6912, 32, 32, 32));
        bool parallel = config.Flag("use_parallel_residual", false);
        return WithNorms(model, traits => traits with
        {
            Normalisation = Normalisation.LayerNorm,
            Biases = config.Flag("use_qkv_bias", false) ? Biases.QueryKeyValue : Biases.None,
            QueryKeyNorm = config.Flag("qk_layernorm", false) ? QueryKeyNorm.PerWidth : QueryKeyNorm.None,
            ParallelBlocks = parallel,
            NormsPerLayer = parallel ? 1 : 2,
        });
    }

    /// <summary>Adds the windows of the Qwen family, which begin only after some layers.</summary>
    public static Architecture QwenWindow(Architecture model, ConfigFields config)
    {
        if (!config.Flag("use_sliding_window", false))
        {
            return model;
        }

        int first = config.Whole(ArchitectureFields.WindowFullInterval, ["max_window_layers"], 28, ArchitectureLimits.Layers, least: 0);
        return DecoderReader.WithWindow(model, config, "sliding_window", 4096, layer => layer >= first);
    }

    /// <summary>Adds the biases that the usual two flags ask for.</summary>
    public static Architecture WithBiases(Architecture model, ConfigFields config) =>
        WithNorms(model, traits => traits with { Biases = DecoderReader.BiasesOf(config) });

    private static Architecture WithNorms(Architecture model, Func<TransformerTraits, TransformerTraits> change) =>
        model with { Traits = change(model.Traits) };
}
