namespace CarbonScaling.Models;

/// <summary>The discrete choices of a mixture of experts.</summary>
public sealed record MixtureTraits
{
    /// <summary>Layers at the beginning that are dense.</summary>
    public int LeadingDenseLayers { get; init; }

    /// <summary>Beyond them, every so many layers one has experts; 1 for each.</summary>
    public int LayerInterval { get; init; } = 1;

    /// <summary>Layers i with i mod <see cref="LayerInterval"/> equal to this have experts.</summary>
    public int LayerPhase { get; init; }

    /// <summary>Groups into which the experts are divided for routing; 0 where they are not.</summary>
    public int RoutingGroups { get; init; }

    /// <summary>Groups, each on its own nodes, that the experts of a token may come from; 0 without a limit.</summary>
    public int RoutingGroupLimit { get; init; }

    /// <summary>Whether the router has a bias per expert, learned or adapted.</summary>
    public bool RouterBias { get; init; }

    /// <summary>Whether a gate of its own weighs the shared experts.</summary>
    public bool SharedExpertGate { get; init; }

    /// <summary>Whether a layer has experts.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    public bool HasExperts(int layer) => Pattern.Holds(layer);

    /// <summary>Layers that have experts.</summary>
    /// <param name="layers">Layers of the model.</param>
    public int Count(int layers) => Pattern.Count(layers);

    private LayerPattern Pattern => new(LeadingDenseLayers, LayerInterval, LayerPhase);
}
