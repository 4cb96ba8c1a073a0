using System.Globalization;

namespace CarbonScaling.Models.Megatron;

/// <summary>Reads the architecture from the arguments of a launch script, with the defaults of Megatron-LM.</summary>
internal static class ScriptModel
{
    private const int DefaultMultiple = 128;
    private const int GptVocabulary = 50257;

    /// <summary>Arguments that make other layers than those of <see cref="Transformer"/>.</summary>
    private static readonly string[] OtherLayers =
    [
        "experimental-attention-variant", "linear-attention-freq", "hybrid-override-pattern", "hybrid-layer-pattern", "is-hybrid-model",
        "heterogeneous-layers-config-path", "moe-latent-size", "enable-hyper-connections", "enable-mhc-connections",
    ];

    public static Architecture Read(ScriptArguments arguments, int tensor)
    {
        RefuseOtherLayers(arguments);
        int layers = arguments.Required(ArchitectureFields.Layers, "num-layers", ArchitectureLimits.Layers);
        int hidden = arguments.Required(ArchitectureFields.Hidden, "hidden-size", ArchitectureLimits.Width);
        int heads = arguments.Required(ArchitectureFields.Heads, "num-attention-heads", ArchitectureLimits.Heads);
        Activation activation = ActivationOf(arguments);
        int feedForward = arguments.Whole(ArchitectureFields.FeedForward, "ffn-hidden-size", ArchitectureLimits.Width)
            ?? StandardFeedForward(hidden, activation);
        int? channels = arguments.Whole(ArchitectureFields.HeadDimension, "kv-channels", ArchitectureLimits.Heads);
        bool free = arguments.Has("kv-channels")
            || arguments.Flag("multi-latent-attention")
            || arguments.IsWrong("hidden-size", "num-attention-heads");
        if (!free && hidden % heads != 0)
        {
            arguments.Report("kv-channels", $"is missing, and --hidden-size, {hidden}, is not a multiple of --num-attention-heads, {heads}; allowed: a whole number");
        }

        PositionEncoding positions = PositionsOf(arguments);
        int rows = positions == PositionEncoding.Learned && !arguments.IsWrong("position-embedding-type")
            ? arguments.Required(ArchitectureFields.PositionsLength, "max-position-embeddings", ArchitectureLimits.Sequence)
            : 0;
        int? groups = arguments.Whole(ArchitectureFields.KeyValueHeads, "num-query-groups", ArchitectureLimits.Heads);
        Architecture model = new()
        {
            Traits = Traits(arguments, activation, positions),
            Layers = layers,
            Hidden = hidden,
            FeedForward = feedForward,
            Heads = heads,
            KeyValueHeads = groups ?? (arguments.Flag("group-query-attention") ? 1 : heads),
            HeadDimension = channels ?? Math.Clamp(hidden / heads, 1, ArchitectureLimits.Heads),
            Vocabulary = Vocabulary(arguments, tensor),
            PositionsLength = rows,
            PredictionLayers = arguments.Whole(
                ArchitectureFields.PredictionLayers, "mtp-num-layers", ArchitectureLimits.PredictionLayers, least: 0) ?? 0,
        };
        return WithWindow(WithExperts(WithLatent(model, arguments), arguments), arguments);
    }

    /// <summary>The width that Megatron-LM takes where none is given: 4h, with a gate two thirds of it in multiples of 64.</summary>
    public static int StandardFeedForward(int hidden, Activation activation)
    {
        long plain = Math.Min(4L * hidden, ArchitectureLimits.Width);
        return activation == Activation.SwiGlu ? (int)Math.Max(1, (long)(4L * hidden * 2 / 3.0 / 64) * 64) : (int)plain;
    }

    private static void RefuseOtherLayers(ScriptArguments arguments)
    {
        foreach (string name in OtherLayers.Where(name => arguments.Has(name) && arguments.Flag(name)))
        {
            arguments.Report(name, "is not supported; allowed: layers of attention and a feed-forward block or experts");
        }

        if (arguments.Has("spec") && arguments.Texts("spec") is var spec
            && !spec.StartsWith("megatron.", StringComparison.Ordinal) && spec is not ("local" or "te" or "None"))
        {
            arguments.Report("spec", "takes the layers from code, which is not read; allowed: the standard layers");
        }
    }

    private static TransformerTraits Traits(ScriptArguments arguments, Activation activation, PositionEncoding positions) => new()
    {
        Activation = activation,
        Normalisation = arguments.Choice(
            "normalization", ("LayerNorm", Normalisation.LayerNorm), ("RMSNorm", Normalisation.RmsNorm)),
        Biases = BiasesOf(arguments),
        Positions = positions,
        TiedEmbeddings = !arguments.Flag("untie-embeddings-and-output-weights"),
        EmbeddingNorm = arguments.Flag("embed-layernorm"),
        QueryKeyNorm = arguments.Flag("qk-layernorm") && !arguments.Flag("multi-latent-attention") ? QueryKeyNorm.PerHead
            : arguments.Flag("qk-l2-norm") ? QueryKeyNorm.Unscaled : QueryKeyNorm.None,
        AttentionGate = arguments.Flag("attention-output-gate"),
        AttentionSinks = arguments.Choice("softmax-type", ("vanilla", false), ("off-by-one", false), ("learnable", true)),
    };

    private static Activation ActivationOf(ScriptArguments arguments) =>
        arguments.Flag("swiglu") ? Activation.SwiGlu
        : arguments.Flag("squared-relu") ? Activation.SquaredRelu
        : arguments.Flag("quick-geglu") ? Activation.GeGlu
        : Activation.Gelu;

    private static Biases BiasesOf(ScriptArguments arguments)
    {
        bool linear = arguments.Has("add-bias-linear") ? arguments.Flag("add-bias-linear") : !arguments.Flag("disable-bias-linear");
        return linear ? Biases.All : arguments.Flag("add-qkv-bias") ? Biases.QueryKeyValue : Biases.None;
    }

    private static PositionEncoding PositionsOf(ScriptArguments arguments) => arguments.Flag("use-rotary-position-embeddings")
        ? PositionEncoding.Rotary
        : arguments.Choice(
            "position-embedding-type",
            ("learned_absolute", PositionEncoding.Learned),
            ("rope", PositionEncoding.Rotary),
            ("yarn", PositionEncoding.Rotary),
            ("mrope", PositionEncoding.Rotary),
            ("alibi", PositionEncoding.Alibi),
            ("none", PositionEncoding.None));

    // The vocabulary is padded so that every tensor-parallel rank holds a whole multiple.
    private static int Vocabulary(ScriptArguments arguments, int tensor)
    {
        int? given = arguments.Whole(ArchitectureFields.Vocabulary, "vocab-size", ArchitectureLimits.Vocabulary);
        bool known = arguments.Has("tokenizer-type") && arguments.Text("tokenizer-type") == "GPT2BPETokenizer";
        if (given is null && !known && !arguments.Has("vocab-size"))
        {
            arguments.Report("vocab-size", "is missing, and tokenizers are not read; allowed: the number of the tokenizer's words");
        }

        int words = given ?? GptVocabulary;
        int multiple = arguments.Whole("multiple", "make-vocab-size-divisible-by", ArchitectureLimits.Vocabulary) ?? DefaultMultiple;
        long step = (long)multiple * tensor;
        return (int)Math.Min((words + step - 1) / step * step, ArchitectureLimits.Vocabulary);
    }

    private static Architecture WithLatent(Architecture model, ScriptArguments arguments) => !arguments.Flag("multi-latent-attention")
        ? model
        : model with
        {
            KeyValueHeads = model.Heads,
            HeadDimension = arguments.Whole(ArchitectureFields.HeadDimension, "qk-head-dim", ArchitectureLimits.Heads) ?? 128,
            QueryRank = arguments.Whole(ArchitectureFields.QueryRank, "q-lora-rank", ArchitectureLimits.Width) ?? 0,
            KeyValueRank = arguments.Whole(ArchitectureFields.KeyValueRank, "kv-lora-rank", ArchitectureLimits.Width) ?? 32,
            RopeHeadDimension = arguments.Whole(ArchitectureFields.RopeHeadDimension, "qk-pos-emb-head-dim", ArchitectureLimits.Heads) ?? 64,
            ValueHeadDimension = arguments.Whole(ArchitectureFields.ValueHeadDimension, "v-head-dim", ArchitectureLimits.Heads) ?? 128,
            Traits = model.Traits with { Attention = AttentionKind.Latent },
        };

    private static Architecture WithExperts(Architecture model, ScriptArguments arguments)
    {
        string count = arguments.Has("num-moe-experts") ? "num-moe-experts" : "num-experts";
        if (arguments.Whole(ArchitectureFields.Experts, count, ArchitectureLimits.Experts) is not { } experts)
        {
            return model;
        }

        bool[] layers = [.. Pattern(arguments, "moe-layer-freq", model.Layers)
            ?? Enumerable.Range(0, model.Layers).Select(layer => layer % Interval(arguments, "moe-layer-freq") == 0)];
        if (!LayerPattern.TryFind(layers, out LayerPattern pattern))
        {
            arguments.Report("moe-layer-freq", "gives no regular pattern of layers; allowed: experts in every n-th layer after leading dense ones");
        }

        arguments.Note(ArchitectureFields.ExpertLayerInterval, "moe-layer-freq");
        int groups = arguments.Whole(ArchitectureFields.RoutingGroups, "moe-router-num-groups", ArchitectureLimits.Experts) ?? 0;
        int limit = arguments.Whole(ArchitectureFields.RoutingGroupLimit, "moe-router-group-topk", ArchitectureLimits.Experts) ?? 0;

        // A single group, or as many as there are, limits nothing.
        bool limits = groups > 1 && limit > 0 && limit != groups;
        return model with
        {
            FeedForward = layers.Contains(false) ? model.FeedForward : 0,
            Experts = experts,
            ExpertsPerToken = arguments.Whole(ArchitectureFields.ExpertsPerToken, "moe-router-topk", ArchitectureLimits.Experts) ?? 2,
            ExpertFeedForward = arguments.Whole(ArchitectureFields.ExpertFeedForward, "moe-ffn-hidden-size", ArchitectureLimits.Width)
                ?? model.FeedForward,
            SharedFeedForward = arguments.Whole(
                ArchitectureFields.SharedFeedForward, "moe-shared-expert-intermediate-size", ArchitectureLimits.Width, least: 0) ?? 0,
            CapacityFactor = arguments.Number("moe-expert-capacity-factor", ArchitectureLimits.CapacityFactor) is > 0 and var factor ? factor : null,
            Traits = model.Traits with
            {
                Mixture = new()
                {
                    LeadingDenseLayers = pattern.First,
                    LayerInterval = Math.Max(1, pattern.Interval),
                    LayerPhase = pattern.Phase,
                    RouterBias = arguments.Flag("moe-router-enable-expert-bias"),
                    SharedExpertGate = arguments.Flag("moe-shared-expert-gate"),
                    RoutingGroups = limits ? groups : 0,
                    RoutingGroupLimit = limits ? limit : 0,
                },
            },
        };
    }

    private static Architecture WithWindow(Architecture model, ScriptArguments arguments)
    {
        if (arguments.Text("window-size") is not { } text || text is "None" or "null")
        {
            return model;
        }

        string left = text.Trim('(', ')', '[', ']').Split(',')[0].Trim();
        if (!int.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int before) || before < -1 || before >= ArchitectureLimits.Sequence)
        {
            arguments.Report("window-size", "is not a pair of whole numbers; allowed: such as (127,0)");
            return model;
        }

        bool[] windowed = [.. Pattern(arguments, "window-attn-skip-freq", model.Layers)
            ?? Enumerable.Range(0, model.Layers).Select(layer =>
                !arguments.Has("window-attn-skip-freq") || (layer + 1) % Interval(arguments, "window-attn-skip-freq") != 0)];
        bool[] full = [.. windowed.Select(static layer => !layer)];
        if (before == -1 || full.All(static layer => layer))
        {
            return model;
        }

        if (!LayerPattern.TryFind(full, out LayerPattern pattern) || pattern.First != 0)
        {
            arguments.Report("window-attn-skip-freq", "gives no regular pattern of layers; allowed: full attention in every n-th layer");
        }

        arguments.Note(ArchitectureFields.Window, "window-size");
        return model with
        {
            Window = before + 1,
            Traits = model.Traits with { Window = new(WindowKind.Sliding, pattern.Interval, pattern.Phase) },
        };
    }

    private static int Interval(ScriptArguments arguments, string name) =>
        arguments.IsWrong(name) ? 1 : arguments.Whole(name, name, ArchitectureLimits.Layers) ?? 1;

    private static IReadOnlyList<bool>? Pattern(ScriptArguments arguments, string name, int layers)
    {
        if (arguments.Texts(name) is not { } text || !text.Contains('[', StringComparison.Ordinal))
        {
            return null;
        }

        if (LayerList.TryRead(text, ArchitectureLimits.Layers, out IReadOnlyList<bool> read) && read.Count == layers)
        {
            return read;
        }

        arguments.Report(name, $"is not a list of {layers} layers; allowed: such as ([0]*1+[1]*{Math.Max(1, layers - 1)})");
        return null;
    }
}
