namespace CarbonScaling.Training;

/// <summary>What is kept in the memory of the host, and fetched when it is needed.</summary>
[Flags]
public enum Offload
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The optimizer state.</summary>
    Optimizer = 1,

    /// <summary>The activations between forward and backward pass.</summary>
    Activations = 2,

    /// <summary>The weights.</summary>
    Weights = 4,
}
