namespace CarbonScaling.Training;

/// <summary>What data-parallel ranks split among themselves instead of each holding a copy.</summary>
public enum Sharding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The optimizer state.</summary>
    Zero1,

    /// <summary>The optimizer state and the gradients.</summary>
    Zero2,

    /// <summary>The optimizer state, the gradients and the weights.</summary>
    Zero3,

    /// <summary>What <see cref="Zero3"/> splits, inside groups of ranks that each hold one copy (hybrid sharded data parallel).</summary>
    Hsdp,
}
