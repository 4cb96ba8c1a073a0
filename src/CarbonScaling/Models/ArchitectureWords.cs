namespace CarbonScaling.Models;

/// <summary>The words for the discrete choices, in the catalog and in the inline models of scenarios.</summary>
internal static class ArchitectureWords
{
    public static readonly (string Word, Activation Value)[] Activations =
    [
        ("gelu", Activation.Gelu),
        ("swiglu", Activation.SwiGlu),
        ("relu", Activation.Relu),
        ("squared-relu", Activation.SquaredRelu),
        ("geglu", Activation.GeGlu),
    ];

    public static readonly (string Word, Normalisation Value)[] Normalisations =
    [
        ("layernorm", Normalisation.LayerNorm),
        ("rmsnorm", Normalisation.RmsNorm),
        ("layernorm-no-bias", Normalisation.LayerNormWithoutBias),
        ("layernorm-no-parameters", Normalisation.LayerNormWithoutParameters),
    ];

    public static readonly (string Word, PositionEncoding Value)[] Positions =
    [
        ("rotary", PositionEncoding.Rotary),
        ("learned", PositionEncoding.Learned),
        ("alibi", PositionEncoding.Alibi),
        ("sinusoidal", PositionEncoding.Sinusoidal),
        ("none", PositionEncoding.None),
    ];

    public static readonly (string Word, Biases Value)[] Biases =
    [
        ("none", Models.Biases.None),
        ("qkv", Models.Biases.QueryKeyValue),
        ("attention", Models.Biases.Attention),
        ("ffn", Models.Biases.FeedForward),
        ("all", Models.Biases.All),
    ];

    public static readonly (string Word, QueryKeyNorm Value)[] QueryKeyNorms =
    [
        ("none", QueryKeyNorm.None),
        ("head", QueryKeyNorm.PerHead),
        ("width", QueryKeyNorm.PerWidth),
        ("unscaled", QueryKeyNorm.Unscaled),
    ];

    public static readonly (string Word, WindowKind Value)[] WindowKinds =
    [
        ("sliding", WindowKind.Sliding),
        ("chunked", WindowKind.Chunked),
    ];
}
