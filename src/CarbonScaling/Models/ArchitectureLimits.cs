namespace CarbonScaling.Models;

/// <summary>The greatest dimensions that are accepted: far above anything built, below any overflow.</summary>
internal static class ArchitectureLimits
{
    /// <summary>Layers.</summary>
    public const int Layers = 100_000;

    /// <summary>Any width.</summary>
    public const int Width = 10_000_000;

    /// <summary>Heads, and the width of one.</summary>
    public const int Heads = 1_000_000;

    /// <summary>Experts of a layer.</summary>
    public const int Experts = 1_000_000;

    /// <summary>Rows of the embedding.</summary>
    public const int Vocabulary = 100_000_000;

    /// <summary>Tokens of a sequence or window, and rows of a position embedding.</summary>
    public const int Sequence = 100_000_000;

    /// <summary>Modules of multi-token prediction.</summary>
    public const int PredictionLayers = 1000;

    /// <summary>Capacity of an expert over its even share.</summary>
    public const double CapacityFactor = 1000;
}
