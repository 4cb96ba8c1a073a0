using CarbonScaling.Models;
using CsCheck;

namespace CarbonScaling.Tests.Models;

/// <summary>Architectures drawn at random.</summary>
internal static class Architectures
{
    /// <summary>Any that Megatron-LM has arguments for, with a vocabulary that 16 ranks can share.</summary>
    public static Gen<Architecture> ForMegatron { get; } =
        from heads in Gen.Int[1, 12]
        from groups in Gen.Int[1, 4]
        from layers in Gen.Int[1, 24]
        from widths in Gen.Int[1, 300].Array[8]
        from choices in Gen.Int[0, 5].Array[12]
        from flags in Gen.Bool.Array[8]
        from pattern in Gen.Int[1, 5].Array[3]
        select Make(heads * groups, heads, layers, widths, choices, flags, pattern);

    private static Architecture Make(int queries, int groups, int layers, int[] widths, int[] choices, bool[] flags, int[] pattern)
    {
        bool latent = choices[0] == 0;
        bool experts = choices[1] <= 2;
        MixtureTraits? mixture = experts ? Mixture(layers, choices, flags, pattern) : null;
        WindowTraits? window = choices[2] == 0 ? Window(layers, choices[3], choices[3] == 0 ? 0 : pattern[1] % choices[3]) : null;
        bool positions = choices[4] == 0;
        return new()
        {
            Traits = new()
            {
                Activation = new[] { Activation.Gelu, Activation.SwiGlu, Activation.SquaredRelu, Activation.GeGlu }[choices[5] % 4],
                Normalisation = flags[0] ? Normalisation.LayerNorm : Normalisation.RmsNorm,
                Biases = new[] { Biases.All, Biases.None, Biases.QueryKeyValue }[choices[6] % 3],
                Positions = positions ? PositionEncoding.Learned : choices[4] == 1 ? PositionEncoding.None : PositionEncoding.Rotary,
                TiedEmbeddings = flags[1],
                QueryKeyNorm = latent ? QueryKeyNorm.None : new[] { QueryKeyNorm.None, QueryKeyNorm.PerHead, QueryKeyNorm.Unscaled }[choices[7] % 3],
                Attention = latent ? AttentionKind.Latent : AttentionKind.Grouped,
                AttentionSinks = flags[2],
                AttentionGate = flags[3],
                Mixture = mixture,
                Window = window,
            },
            Layers = layers,
            Hidden = widths[0] * 8,
            FeedForward = mixture?.Count(layers) == layers ? 0 : widths[1] * 8,
            Heads = queries,
            KeyValueHeads = latent ? queries : groups,
            HeadDimension = widths[2],
            Vocabulary = widths[3] * 16,
            PositionsLength = positions ? widths[4] : 0,
            Experts = experts ? pattern[0] * 8 : 0,
            ExpertsPerToken = experts ? pattern[0] : 0,
            ExpertFeedForward = experts ? widths[5] : 0,
            SharedFeedForward = experts && flags[4] ? widths[6] : 0,
            CapacityFactor = experts && flags[5] ? 1.25 : null,
            QueryRank = latent && flags[6] ? widths[6] : 0,
            KeyValueRank = latent ? widths[7] : 0,
            RopeHeadDimension = latent ? widths[5] : 0,
            ValueHeadDimension = latent ? widths[4] : 0,
            Window = window is null ? 0 : widths[7],
            PredictionLayers = flags[7] ? pattern[2] : 0,
        };
    }

    // As Mixture below; none where every layer attends to the whole sequence.
    private static WindowTraits? Window(int layers, int interval, int phase)
    {
        WindowTraits drawn = new(WindowKind.Sliding, interval, phase);
        bool[] full = [.. Enumerable.Range(0, layers).Select(layer => !drawn.IsWindowed(layer))];
        bool regular = LayerPattern.TryFind(full, out LayerPattern found) && found.First == 0;
        return full.All(layer => layer) || !regular ? null : new(WindowKind.Sliding, found.Interval, found.Phase);
    }

    // Written as a launch script would say it: the pattern that the layers themselves show.
    private static MixtureTraits? Mixture(int layers, int[] choices, bool[] flags, int[] pattern)
    {
        MixtureTraits drawn = new()
        {
            LeadingDenseLayers = choices[8],
            LayerInterval = pattern[2],
            LayerPhase = choices[9] % pattern[2],
            RouterBias = flags[0],
            SharedExpertGate = flags[4],
            RoutingGroups = choices[10] == 0 ? 4 : 0,
            RoutingGroupLimit = choices[10] == 0 ? 2 : 0,
        };
        bool[] holding = [.. Enumerable.Range(0, layers).Select(drawn.HasExperts)];
        if (!holding.Contains(true) || !LayerPattern.TryFind(holding, out LayerPattern found))
        {
            return drawn with { LeadingDenseLayers = 0, LayerInterval = 1, LayerPhase = 0 };
        }

        return drawn with { LeadingDenseLayers = found.First, LayerInterval = found.Interval, LayerPhase = found.Phase };
    }
}
