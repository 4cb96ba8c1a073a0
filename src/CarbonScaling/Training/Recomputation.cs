namespace CarbonScaling.Training;

/// <summary>Which activations are computed again in the backward pass instead of being kept.</summary>
public enum Recomputation
{
    /// <summary>Everything is kept.</summary>
    None,

    /// <summary>Parts of each layer are computed again; on its own the attention core (scores, softmax and their use).</summary>
    Selective,

    /// <summary>Only the input of a layer is kept; its forward pass runs again.</summary>
    Full,
}

/// <summary>Parts of a layer that selective recomputation computes again.</summary>
[Flags]
public enum RecomputeModules
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The attention core: scores, softmax and their use.</summary>
    Attention = 1,

    /// <summary>The norms and their outputs.</summary>
    Norm = 2,

    /// <summary>
    /// The nonlinearity of the feed-forward block and its product with the gate; of experts also their weighting, so that
    /// their results need not be kept.
    /// </summary>
    Mlp = 4,

    /// <summary>The projections up from the latents of multi-head latent attention.</summary>
    Latent = 8,
}

/// <summary>What the backward pass computes again.</summary>
/// <remarks>Made by its members alone, so that equal plans are equal values.</remarks>
public readonly record struct RecomputePlan
{
    private RecomputePlan(Recomputation kind, int layers, RecomputeModules modules)
    {
        Kind = kind;
        Layers = layers;
        Modules = modules;
    }

    /// <summary>Everything is kept.</summary>
    public static RecomputePlan None => default;

    /// <summary>The attention core is computed again.</summary>
    public static RecomputePlan Selective => new(Recomputation.Selective, 0, RecomputeModules.Attention);

    /// <summary>Every layer is computed again.</summary>
    public static RecomputePlan Full => new(Recomputation.Full, 0, RecomputeModules.None);

    /// <summary>How much of a layer is computed again.</summary>
    public Recomputation Kind { get; }

    /// <summary>Layers of a stage that are computed again, those of all its chunks together; 0 for all. Only of <see cref="Recomputation.Full"/>.</summary>
    public int Layers { get; }

    /// <summary>The parts of each layer that are computed again. Only of <see cref="Recomputation.Selective"/>.</summary>
    public RecomputeModules Modules { get; }

    /// <summary>Whether it is one of the three that have a name of their own.</summary>
    public bool IsNamed => Layers == 0 && Modules is RecomputeModules.None or RecomputeModules.Attention;

    /// <summary>Some layers of each stage are computed again, and the others keep everything.</summary>
    /// <param name="layers">The layers, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static RecomputePlan OfLayers(int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        return new(Recomputation.Full, layers, RecomputeModules.None);
    }

    /// <summary>Parts of every layer are computed again.</summary>
    /// <param name="modules">The parts, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static RecomputePlan OfModules(RecomputeModules modules)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)modules, 0, nameof(modules));
        return new(Recomputation.Selective, 0, modules);
    }

    /// <summary>One of the kinds that have a name of their own.</summary>
    /// <param name="kind">The kind.</param>
    public static RecomputePlan Of(Recomputation kind) => kind switch
    {
        Recomputation.Full => Full,
        Recomputation.Selective => Selective,
        _ => None,
    };
}
