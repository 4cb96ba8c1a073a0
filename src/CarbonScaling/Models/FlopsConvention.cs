namespace CarbonScaling.Models;

/// <summary>How the FLOPs of a training step are counted when a rate or a utilisation is shown.</summary>
public enum FlopsConvention
{
    /// <summary>What the hardware executes: recomputed passes count, attention is counted in full.</summary>
    Hardware,

    /// <summary>Forward and backward of the model, attention counted in full (s² scores).</summary>
    ModelFull,

    /// <summary>Forward and backward of the model, attention counted as the causal half.</summary>
    ModelCausal,

    /// <summary>Six FLOPs per parameter and token.</summary>
    Parameters,
}
