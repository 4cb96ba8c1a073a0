namespace CarbonScaling.Models.HuggingFace;

/// <summary>What a configuration class takes where a field is absent.</summary>
/// <param name="Vocabulary">Rows of the embedding.</param>
/// <param name="Hidden">Width of the residual stream.</param>
/// <param name="FeedForward">Inner width of the feed-forward block; null for four times the width.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads; null for as many as query heads.</param>
/// <param name="HeadDimension">Width of a head; null for the width shared among the heads.</param>
/// <param name="Tied">Whether the head shares the embedding's weights.</param>
/// <param name="Activation">The activation.</param>
internal sealed record DecoderDefaults(
    int Vocabulary,
    int Hidden,
    int? FeedForward,
    int Layers,
    int Heads,
    int? KeyValueHeads = null,
    int? HeadDimension = null,
    bool Tied = false,
    string Activation = "silu");

/// <summary>Reads what nearly every configuration states, and adds what only some do.</summary>
internal static class DecoderReader
{
    private static readonly string[] LayerKeys = ["num_hidden_layers", "n_layer", "n_layers"];
    private static readonly string[] HiddenKeys = ["hidden_size", "n_embd", "d_model", "n_embed"];
    private static readonly string[] HeadKeys = ["num_attention_heads", "n_head", "n_heads"];
    private static readonly string[] FeedForwardKeys = ["intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size"];
    private static readonly string[] KeyValueKeys = ["num_key_value_heads", "num_kv_heads", "n_head_kv"];
    private static readonly string[] ActivationKeys = ["hidden_act", "hidden_activation", "activation_function", "activation"];

    /// <summary>Reads a dense decoder in the manner of Llama: gated, RMSNorm, rotary, no bias.</summary>
    public static Architecture Gated(ConfigFields config, DecoderDefaults standard) =>
        Read(config, standard, gated: true, new() { Normalisation = Normalisation.RmsNorm });

    /// <summary>Reads a dense decoder in the manner of GPT: not gated, LayerNorm, every layer with a bias.</summary>
    public static Architecture Plain(ConfigFields config, DecoderDefaults standard) =>
        Read(config, standard, gated: false, new() { Normalisation = Normalisation.LayerNorm, Biases = Biases.All });

    /// <summary>Which linear layers have a bias.</summary>
    public static Biases BiasesOf(bool queryKeyValue, bool output, bool feedForward) => (queryKeyValue, output, feedForward) switch
    {
        (true, _, true) => Biases.All,
        (true, true, false) => Biases.Attention,
        (true, false, false) => Biases.QueryKeyValue,
        (false, _, true) => Biases.FeedForward,
        _ => Biases.None,
    };

    /// <summary>Reads the usual two flags of biases.</summary>
    public static Biases BiasesOf(ConfigFields config) =>
        BiasesOf(config.Flag("attention_bias", false), output: true, config.Flag("mlp_bias", false));

    /// <summary>Adds attention windows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">The configuration; its <c>layer_types</c>, where given, say which layers are windowed.</param>
    /// <param name="key">The field of the window.</param>
    /// <param name="standard">The window that the class takes; 0 for none.</param>
    /// <param name="windowed">Whether a layer is windowed where <c>layer_types</c> is absent.</param>
    /// <param name="kind">What a windowed layer attends to.</param>
    public static Architecture WithWindow(
        Architecture model,
        ConfigFields config,
        string key,
        int standard,
        Func<int, bool> windowed,
        WindowKind kind = WindowKind.Sliding)
    {
        int window = config.Optional(ArchitectureFields.Window, key, standard, ArchitectureLimits.Sequence);
        bool[]? full = FullLayers(model, config);
        full ??= [.. Enumerable.Range(0, model.Layers).Select(layer => !windowed(layer))];
        if (window == 0 || full.All(static layer => layer))
        {
            return model;
        }

        if (!LayerPattern.TryFind(full, out LayerPattern pattern) || pattern.First != 0)
        {
            config.Report(
                config.Has("layer_types") ? "layer_types" : key,
                "gives no regular pattern of layers; allowed: full attention in every n-th layer");
            return model;
        }

        WindowTraits traits = new(kind, pattern.Interval, pattern.Phase);
        return model with { Window = window, Traits = model.Traits with { Window = traits } };
    }

    /// <summary>Adds a mixture of experts.</summary>
    /// <param name="model">The model; its feed-forward block is that of the dense layers.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="experts">Width and number of the experts.</param>
    /// <param name="patternKey">The field that decides which layers have experts.</param>
    /// <param name="hasExperts">Whether a layer has experts.</param>
    public static Architecture WithExperts(
        Architecture model, ConfigFields config, ExpertNumbers experts, string patternKey, Func<int, bool> hasExperts)
    {
        bool[] layers = [.. Enumerable.Range(0, model.Layers).Select(hasExperts)];
        if (!layers.Contains(true))
        {
            return model;
        }

        if (!LayerPattern.TryFind(layers, out LayerPattern pattern))
        {
            config.Report(patternKey, "gives no regular pattern of layers; allowed: experts in every n-th layer after leading dense ones");
        }

        MixtureTraits traits = experts.Traits with
        {
            LeadingDenseLayers = pattern.First,
            LayerInterval = Math.Max(1, pattern.Interval),
            LayerPhase = pattern.Phase,
        };
        return model with
        {
            FeedForward = layers.Contains(false) ? model.FeedForward : 0,
            Experts = experts.Count,
            ExpertsPerToken = experts.PerToken,
            ExpertFeedForward = experts.FeedForward,
            SharedFeedForward = experts.SharedFeedForward,
            Traits = model.Traits with { Mixture = traits },
        };
    }

    /// <summary>Reads the number of experts and of those that a token visits.</summary>
    public static ExpertNumbers Experts(
        ConfigFields config, string[] countKeys, int? count, int? perToken, string widthKey, int? width, string perTokenKey = "num_experts_per_tok") => new(
        config.Whole(ArchitectureFields.Experts, countKeys, count, ArchitectureLimits.Experts),
        config.Whole(ArchitectureFields.ExpertsPerToken, [perTokenKey], perToken, ArchitectureLimits.Experts),
        config.Whole(ArchitectureFields.ExpertFeedForward, [widthKey], width, ArchitectureLimits.Width));

    private static Architecture Read(ConfigFields config, DecoderDefaults standard, bool gated, TransformerTraits traits)
    {
        int hidden = config.Whole(ArchitectureFields.Hidden, HiddenKeys, standard.Hidden, ArchitectureLimits.Width);
        int heads = config.Whole(ArchitectureFields.Heads, HeadKeys, standard.Heads, ArchitectureLimits.Heads);
        int layers = config.Whole(ArchitectureFields.Layers, LayerKeys, standard.Layers, ArchitectureLimits.Layers);
        int wide = (int)Math.Min(4L * hidden, ArchitectureLimits.Width);
        bool asHeads = config.Mentions("num_key_value_heads") && !config.Has("num_key_value_heads");
        return new()
        {
            Traits = traits with
            {
                Activation = ActivationOf(config, standard.Activation, gated),
                TiedEmbeddings = config.Flag("tie_word_embeddings", standard.Tied),
            },
            Layers = layers,
            Hidden = hidden,
            FeedForward = config.Whole(
                ArchitectureFields.FeedForward, FeedForwardKeys, standard.FeedForward ?? wide, ArchitectureLimits.Width),
            Heads = heads,
            KeyValueHeads = config.Whole(
                ArchitectureFields.KeyValueHeads, KeyValueKeys, (asHeads ? null : standard.KeyValueHeads) ?? heads, ArchitectureLimits.Heads),
            HeadDimension = HeadDimension(config, standard, hidden, heads),
            Vocabulary = config.Whole(ArchitectureFields.Vocabulary, ["vocab_size"], standard.Vocabulary, ArchitectureLimits.Vocabulary),
        };
    }

    private static int HeadDimension(ConfigFields config, DecoderDefaults standard, int hidden, int heads)
    {
        bool follows = standard.HeadDimension is null || (config.Mentions("head_dim") && !config.Has("head_dim"));
        bool known = !config.IsWrong(ArchitectureFields.Hidden) && !config.IsWrong(ArchitectureFields.Heads);
        if (follows && known && !config.Has("head_dim") && hidden % heads != 0)
        {
            config.Report("head_dim", $"is missing, and {config.KeyOf(ArchitectureFields.Hidden)}, {hidden}, is not a multiple of {config.KeyOf(ArchitectureFields.Heads)}, {heads}; allowed: a whole number");
        }

        int shared = Math.Clamp(hidden / heads, 1, ArchitectureLimits.Heads);
        int? given = follows ? shared : standard.HeadDimension;
        return config.Whole(ArchitectureFields.HeadDimension, ["head_dim"], given, ArchitectureLimits.Heads);
    }

    private static Activation ActivationOf(ConfigFields config, string standard, bool gated)
    {
        string key = ActivationKeys.FirstOrDefault(config.Has) ?? ActivationKeys[0];
        string name = config.Text(key, standard);
        Activation? known = name switch
        {
            "silu" or "swish" when gated => Activation.SwiGlu,
            "gelu" or "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" or "gelu_python" or "quick_gelu" =>
                gated ? Activation.GeGlu : Activation.Gelu,
            "relu" when !gated => Activation.Relu,
            "relu2" when !gated => Activation.SquaredRelu,
            _ => null,
        };
        if (known is null)
        {
            config.Report(key, gated ? "is not supported here; allowed: silu, gelu" : "is not supported here; allowed: gelu, relu, relu2");
        }

        return known ?? (gated ? Activation.SwiGlu : Activation.Gelu);
    }

    private static bool[]? FullLayers(Architecture model, ConfigFields config)
    {
        if (config.Texts("layer_types") is not { } types)
        {
            return null;
        }

        if (types.FirstOrDefault(static type => type is not ("full_attention" or "sliding_attention" or "chunked_attention")) is { } other)
        {
            config.Report("layer_types", $"holds {other}; allowed: full_attention, sliding_attention, chunked_attention");
            return null;
        }

        if (types.Count != model.Layers)
        {
            config.Report("layer_types", $"has {types.Count} entries; allowed: one for each of the {model.Layers} layers");
            return null;
        }

        return [.. types.Select(static type => type == "full_attention")];
    }
}

/// <summary>The experts of a configuration.</summary>
/// <param name="Count">Routed experts of a layer.</param>
/// <param name="PerToken">Routed experts that a token visits.</param>
/// <param name="FeedForward">Inner width of one.</param>
internal sealed record ExpertNumbers(int Count, int PerToken, int FeedForward)
{
    /// <summary>Inner width of all shared experts of a layer.</summary>
    public int SharedFeedForward { get; init; }

    /// <summary>The discrete choices, without the pattern of layers.</summary>
    public MixtureTraits Traits { get; init; } = new();
}
