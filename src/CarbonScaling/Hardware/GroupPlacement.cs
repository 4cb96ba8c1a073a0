namespace CarbonScaling.Hardware;

/// <summary>Which levels of the fabric a group of ranks spans.</summary>
public enum FabricTier
{
    /// <summary>A single rank: nothing to communicate.</summary>
    None,

    /// <summary>Inside one scale-up domain.</summary>
    ScaleUp,

    /// <summary>One rank in every domain: the network only.</summary>
    ScaleOut,

    /// <summary>Several ranks in each of several domains: both levels.</summary>
    Both,
}

/// <summary>How a group of ranks lies in the cluster.</summary>
/// <param name="Tier">The levels that it spans.</param>
/// <param name="Ranks">Ranks in the group.</param>
/// <param name="LocalRanks">Ranks of the group in one domain.</param>
public readonly record struct GroupPlacement(FabricTier Tier, int Ranks, int LocalRanks)
{
    /// <summary>Domains over which the group spreads.</summary>
    public int Domains => (Ranks + LocalRanks - 1) / LocalRanks;

    /// <summary>Places a group whose consecutive ranks are <paramref name="stride"/> devices apart.</summary>
    /// <param name="ranks">Ranks in the group, at least 1.</param>
    /// <param name="stride">Devices from one rank to the next: 1 for tensor parallel, t for data parallel.</param>
    /// <param name="domain">Devices in a scale-up domain.</param>
    public static GroupPlacement Of(int ranks, int stride, int domain)
    {
        int local = stride >= domain ? 1 : Math.Min(ranks, domain / stride);
        FabricTier tier = (ranks, local) switch
        {
            (1, _) => FabricTier.None,
            _ when local == ranks => FabricTier.ScaleUp,
            (_, 1) => FabricTier.ScaleOut,
            _ => FabricTier.Both,
        };
        return new(tier, ranks, local);
    }
}
