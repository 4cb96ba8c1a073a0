using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Models;

/// <summary>FLOPs per token of a transformer; of routed experts only those that a token visits count.</summary>
public static class TokenFlops
{
    /// <summary>Forward FLOPs per token in the matrix products of all layers, prediction layers included.</summary>
    /// <remarks>Eq. FLOP-1: 2·(dense layers·matrices + layers with experts·active matrices + prediction modules).</remarks>
    public static Flops<T> ForwardLayers<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        Flops<T> flops = ForwardStack(shape);
        if (shape.HasPrediction)
        {
            flops += shape.PredictionLayers * ForwardPredictionModule(shape);
        }

        return flops.Named(Equations.LayerFlops);
    }

    /// <summary>Forward FLOPs per token in the matrix products of all layers without prediction layers.</summary>
    public static Flops<T> ForwardStack<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        Flops<T> flops = shape.HasDenseLayers ? shape.DenseLayers * ForwardDenseLayer(shape) : Flops<T>.Zero;
        return shape.HasExperts ? flops + (shape.MoeLayers * ForwardMoeLayer(shape)) : flops;
    }

    /// <summary>Forward FLOPs per token in the scores of all layers without prediction layers, and their use, counted in full.</summary>
    public static Flops<T> ForwardStackAttention<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T>
    {
        Flops<T> attention = ForwardAttention(shape, sequenceLength);
        return shape.HasPrediction
            ? attention - (PerAttendedToken(shape) * (shape.PredictionLayers * sequenceLength))
            : attention;
    }

    /// <summary>Forward FLOPs per token in the matrix products of a layer without experts, 2·matrices.</summary>
    public static Flops<T> ForwardDenseLayer<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => new(T.Literal(2) * ParameterCount.LayerMatrices(shape));

    /// <summary>Forward FLOPs per token in the matrix products of a layer with experts.</summary>
    /// <remarks>Eq. FLOP-6: 2·(attention + K·n·h·f_e + n·h·f_s + h·E).</remarks>
    public static Flops<T> ForwardMoeLayer<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T experts = shape.ExpertsPerToken * ParameterCount.ExpertMatrices(shape);
        T matrices = ParameterCount.AttentionMatrices(shape) + experts + (shape.Hidden * shape.Experts);
        T all = shape.HasSharedExperts ? matrices + ParameterCount.SharedExperts(shape) : matrices;
        return new Flops<T>(T.Literal(2) * all).Named(Equations.MoeLayerFlops);
    }

    /// <summary>Forward FLOPs per token in the scores of all layers and their use, counted in full.</summary>
    /// <remarks>Eq. FLOP-2: Σ over layers of 2·a·(d_qk + d_v)·min(s, w), which is 4·L·s·a·d without windows.</remarks>
    public static Flops<T> ForwardAttention<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T> =>
        OverLayers(shape, sequenceLength, AttendedSpan(shape, sequenceLength)).Named(Equations.AttentionFlops);

    /// <summary>Forward FLOPs per token in the scores that causal attention needs, and their use: what fused kernels execute.</summary>
    /// <remarks>Eq. FLOP-7: Σ over layers of 2·a·(d_qk + d_v)·(mean attended length), which is 2·L·s·a·d without windows.</remarks>
    public static Flops<T> ForwardCausalAttention<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T> =>
        OverLayers(shape, CausalLength(sequenceLength), WindowedCausalLength(shape, sequenceLength))
            .Named(Equations.CausalAttentionFlops);

    /// <summary>Forward FLOPs of a token for each token that it attends to in a layer, 2·a·(d_qk + d_v).</summary>
    public static Flops<T> PerAttendedToken<T>(TransformerShape<T> shape)
        where T : struct, IReal<T> => new(T.Literal(2) * (shape.QueryWidth + shape.ContextWidth));

    /// <summary>Tokens that a token of a windowed layer can reach, min(s, w); s where there is no window.</summary>
    public static T AttendedSpan<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T> => shape.HasWindow ? T.Min(sequenceLength, shape.Window) : sequenceLength;

    /// <summary>Tokens that a token attends to on average in a layer that sees the whole sequence, s/2.</summary>
    public static T CausalLength<T>(T sequenceLength)
        where T : struct, IReal<T> => T.Literal(0.5) * sequenceLength;

    /// <summary>Tokens that a token attends to on average in a windowed layer; the same as without where there is no window.</summary>
    /// <remarks>
    /// Eq. FLOP-8: sliding m − m²/(2s) with m = min(s, w); chunked (k·w² + r²)/(2s) with k = ⌊s/w⌋ whole chunks and r = s − k·w.
    /// </remarks>
    public static T WindowedCausalLength<T>(TransformerShape<T> shape, T sequenceLength)
        where T : struct, IReal<T>
    {
        if (!shape.HasWindow)
        {
            return CausalLength(sequenceLength);
        }

        T twice = T.Literal(2) * sequenceLength;
        if (shape.Traits.Window is not { Kind: WindowKind.Chunked })
        {
            T span = AttendedSpan(shape, sequenceLength);
            return T.Name(span - (span * span / twice), Equations.WindowedLength);
        }

        T chunks = -T.Ceiling(-(sequenceLength / shape.Window));
        T rest = sequenceLength - (chunks * shape.Window);
        return T.Name(((chunks * shape.Window * shape.Window) + (rest * rest)) / twice, Equations.WindowedLength);
    }

    /// <summary>Forward FLOPs per token in the output head, which every prediction module uses too.</summary>
    /// <remarks>Eq. FLOP-3: 2·h·V·(1 + D).</remarks>
    public static Flops<T> ForwardHead<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        T once = T.Literal(2) * ParameterCount.Head(shape);
        return new Flops<T>(shape.HasPrediction ? once * (T.Literal(1) + shape.PredictionLayers) : once)
            .Named(Equations.HeadFlops);
    }

    /// <summary>Forward and backward FLOPs per token of the model itself, without recomputation.</summary>
    /// <remarks>Eq. FLOP-4: 3·(layers + head + attention), attention in full or as causal; 6·P by (active) parameters.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="FlopsConvention.Hardware"/>, which depends on the plan.</exception>
    public static Flops<T> Model<T>(TransformerShape<T> shape, T sequenceLength, FlopsConvention convention)
        where T : struct, IReal<T>
    {
        Flops<T> products = ForwardLayers(shape) + ForwardHead(shape);
        Flops<T> flops = convention switch
        {
            FlopsConvention.ModelFull => T.Literal(3) * (products + ForwardAttention(shape, sequenceLength)),
            FlopsConvention.ModelCausal => T.Literal(3) * (products + ForwardCausalAttention(shape, sequenceLength)),
            FlopsConvention.Parameters => new(T.Literal(6) * ParameterCount.Active(shape)),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "Hardware FLOPs depend on the plan."),
        };
        return flops.Named(Equations.ModelFlops);
    }

    // Prediction modules attend to the whole sequence.
    private static Flops<T> OverLayers<T>(TransformerShape<T> shape, T full, T windowed)
        where T : struct, IReal<T>
    {
        Flops<T> each = PerAttendedToken(shape);
        T layers = shape.HasPrediction ? shape.FullAttentionLayers + shape.PredictionLayers : shape.FullAttentionLayers;
        return (shape.HasWindow ? (layers * full) + (shape.WindowedLayers * windowed) : layers * full) * each;
    }

    private static Flops<T> ForwardPredictionModule<T>(TransformerShape<T> shape)
        where T : struct, IReal<T>
    {
        Flops<T> projection = new(T.Literal(2) * ParameterCount.PredictionProjection(shape));
        return projection + (shape.HasExperts ? ForwardMoeLayer(shape) : ForwardDenseLayer(shape));
    }
}
