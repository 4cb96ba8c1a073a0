namespace CarbonScaling.Training;

/// <summary>Which activations are computed again in the backward pass instead of being kept.</summary>
public enum Recomputation
{
    /// <summary>Everything is kept.</summary>
    None,

    /// <summary>The attention core (scores, softmax and their use) is computed again.</summary>
    Selective,

    /// <summary>Only the input of each layer is kept; its forward pass runs again.</summary>
    Full,
}
