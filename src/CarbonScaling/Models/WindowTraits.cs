namespace CarbonScaling.Models;

/// <summary>What a windowed layer attends to.</summary>
public enum WindowKind
{
    /// <summary>The last w tokens.</summary>
    Sliding,

    /// <summary>The tokens before in the same chunk of w tokens.</summary>
    Chunked,
}

/// <summary>Which layers attend to a window only.</summary>
/// <param name="Kind">What such a layer attends to.</param>
/// <param name="FullInterval">Every so many layers one attends to the whole sequence; 0 where none does.</param>
/// <param name="FullPhase">The first layer that does, counted from 0, below <paramref name="FullInterval"/>.</param>
public sealed record WindowTraits(WindowKind Kind, int FullInterval, int FullPhase)
{
    /// <summary>Whether a layer attends to a window only.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    public bool IsWindowed(int layer) => !Full.Holds(layer);

    /// <summary>Layers that attend to a window only.</summary>
    /// <param name="layers">Layers of the model.</param>
    public int Count(int layers) => layers - Full.Count(layers);

    private LayerPattern Full => new(0, FullInterval, FullPhase);
}
